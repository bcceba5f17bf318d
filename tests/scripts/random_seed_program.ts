/** Tests for `run_tests_test.ts`, which both fail: one says what it drew, one breaks in rare cases. */

import fc from "fast-check";

Deno.test("draws", () => {
  const drawn: number[] = [];
  fc.assert(fc.property(fc.nat(), (n) => void drawn.push(n)), { numRuns: 3 });
  throw new Error(`drawn: ${[...drawn, Math.random(), Math.random()]}`);
});

Deno.test("a property that one case in a hundred breaks", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), (n) => n !== 50), { numRuns: 10_000 });
});
