import assert from "node:assert/strict";
import { TimeError, withinTime } from "../../../lib/serve/within_time.ts";

/** Keeps the thread busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

Deno.test("work in time gives what it gives, and throws what it throws", () => {
  assert.deepEqual(withinTime(10_000, () => [1]), [1]);
  const error = new RangeError("out of range");
  assert.throws(() =>
    withinTime(10_000, () => {
      throw error;
    }), (thrown) => thrown === error);
});

Deno.test("endless work is broken off, though it catches what it can", () => {
  let caught = 0;
  const endless = () => {
    for (;;) {
      try {
        work(1_000_000);
      } catch {
        caught++;
      } finally {
        caught++;
      }
    }
  };
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    assert.throws(() => withinTime(50, endless), TimeError);
    assert.ok(performance.now() - start >= 45);
  }
  assert.equal(caught, 0);
});

Deno.test("the limit of work that is done does not reach what follows", () => {
  for (let i = 0; i < 100; i++) withinTime(60, () => {});
  assert.equal(withinTime(60_000, () => (work(150), "done")), "done");
});
