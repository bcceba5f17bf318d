import assert from "node:assert/strict";
import { findRate } from "../../../../scripts/bench/serve/find_rate.ts";

/** A server that holds rates up to a number, in long runs up to another. */
function server(capacity: number, longCapacity = capacity) {
  const runs: { rate: number; seconds: number }[] = [];
  return {
    runs,
    isHeld(rate: number, seconds: number) {
      runs.push({ rate, seconds });
      return Promise.resolve(rate <= (seconds > 10 ? longCapacity : capacity));
    },
  };
}

const options = { trial: 2, confirmation: 60 };

for (const guess of [1, 100, 299, 300, 301, 5_000]) {
  Deno.test(`the search from ${guess} requests/s ends close below what the server holds`, async () => {
    const { isHeld, runs } = server(300);
    const rate = await findRate({ ...options, isHeld, guess });
    assert.ok(rate !== null && rate <= 300 && rate > 0.94 * 300, `${rate}`);
    assert.deepEqual(runs.at(-1), { rate, seconds: 60 }, "the last run confirms it");
    assert.equal(runs.filter(({ seconds }) => seconds === 60).length, 1);
  });
}

Deno.test("a rate that is not held for long is lowered until one is", async () => {
  const { isHeld, runs } = server(300, 260);
  const rate = await findRate({ ...options, isHeld, guess: 200 });
  assert.ok(rate !== null && rate <= 260 && rate > 0.9 * 260, `${rate}`);
  assert.ok(runs.filter(({ seconds }) => seconds === 60).length > 1);
});

Deno.test("a server that holds nothing has no rate", async () => {
  const never = server(0);
  assert.equal(await findRate({ ...options, isHeld: never.isHeld, guess: 100 }), null);
  assert.ok(never.runs.every(({ rate }) => rate >= 1));
  const brief = server(300, 0);
  assert.equal(await findRate({ ...options, isHeld: brief.isHeld, guess: 100 }), null);
});

Deno.test("a server that holds all that can be sent ends the search too", async () => {
  const { isHeld } = server(Infinity);
  assert.ok(await findRate({ ...options, isHeld, guess: 100 }) !== null);
});
