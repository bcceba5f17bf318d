import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom } from "../../../lib/core/random.ts";
import { draw } from "../../../lib/poison/draw.ts";

Deno.test("every candidate is drawn as often as any other, or once more", () => {
  const candidates = fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(candidates, fc.nat(40), fc.nat(), (from, count, seed) => {
    const drawn = draw(from, count, createRandom(seed, "test"));
    assert.equal(drawn.length, count);
    const turns = Math.floor(count / from.length);
    for (const candidate of from) {
      const times = drawn.filter((each) => each === candidate).length;
      assert(times === turns || times === turns + 1, `${times} times in ${turns} turns`);
    }
  }));
});

Deno.test("nothing can be drawn from nothing", () => {
  assert.deepEqual(draw([], 0, createRandom(1, "test")), []);
  assert.throws(() => draw([], 1, createRandom(1, "test")), {
    name: "RangeError",
    message: /must hold images that the attack poisons, got none; choose another source class/,
  });
});
