import assert from "node:assert/strict";
import { type Probe, timeToRecovery } from "../../../../scripts/bench/serve/recovery.ts";

function answers(...list: readonly [status: number, milliseconds: number][]) {
  let asked = 0;
  return {
    asked: () => asked,
    probe(): Promise<Probe> {
      const [status, milliseconds] = list[Math.min(asked++, list.length - 1)]!;
      return Promise.resolve({ status, milliseconds });
    },
  };
}

Deno.test("a server has recovered at the first 200 that comes soon enough", async () => {
  const { probe, asked } = answers([503, 1], [0, 100], [200, 140], [200, 99]);
  const seconds = await timeToRecovery({ probe, within: 100, patience: 30 });
  assert.equal(asked(), 4);
  assert.ok(seconds !== null && seconds > 0.1 && seconds < 20, `${seconds}`);
});

Deno.test("a server that answers well at once needs no pause", async () => {
  const { probe, asked } = answers([200, 5]);
  assert.ok(await timeToRecovery({ probe, within: 100, patience: 30 }) !== null);
  assert.equal(asked(), 1);
});

Deno.test("a server that does not come back has not recovered", async () => {
  const { probe } = answers([503, 1]);
  assert.equal(await timeToRecovery({ probe, within: 100, patience: 0.2 }), null);
});
