import assert from "node:assert/strict";
import fc from "fast-check";
import { towardsTargets } from "../../../lib/engine/mod.ts";

const classes = 4;
const logit = fc.float({ min: -8, max: 8, noNaN: true });
const rows = fc.array(fc.array(logit, { minLength: classes, maxLength: classes }), {
  minLength: 1,
  maxLength: 5,
});

/** Probabilities of the same shape, from other logits. */
function targetsFor(logits: readonly number[][]): Float32Array {
  return Float32Array.from(logits.flatMap((row) => {
    const powers = row.map((value) => Math.exp(-value / 3));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  }));
}

Deno.test("the gradient is what finite differences of the loss say, and in sum 0 for each image", () => {
  fc.assert(fc.property(rows, fc.nat(), (given, index) => {
    const targets = targetsFor(given);
    const logits = Float32Array.from(given.flat());
    const { gradient } = towardsTargets(logits, { targets, classes });
    const i = index % logits.length;
    // Of two, so that it is exact in single precision.
    const step = 2 ** -5;
    const lossAt = (by: number) =>
      towardsTargets(logits.with(i, logits[i]! + by), { targets, classes }).loss;
    const slope = (lossAt(step) - lossAt(-step)) / (2 * step);
    assert.ok(Math.abs(slope - gradient[i]!) < 1e-3, `${slope}, ${gradient[i]}`);
    const sum = gradient.subarray(0, classes).reduce((a, b) => a + b);
    assert.ok(Math.abs(sum) < 1e-6);
  }));
});

Deno.test("the loss is least where the logits say the targets: their entropy", () => {
  fc.assert(fc.property(rows, (given) => {
    const targets = targetsFor(given);
    const entropy = targets.reduce((sum, q) => sum - q * Math.log(q), 0) / given.length;
    const least = towardsTargets(targets.map(Math.log), { targets, classes });
    assert.ok(Math.abs(least.loss - entropy) < 1e-5);
    assert.ok(least.gradient.every((value) => Math.abs(value) < 1e-6));
    const other = towardsTargets(Float32Array.from(given.flat()), { targets, classes });
    assert.ok(other.loss >= entropy - 1e-5);
  }));
});

Deno.test("large logits do not overflow", () => {
  const { loss, gradient } = towardsTargets(Float32Array.of(1000, -1000), {
    targets: Float32Array.of(0, 1),
    classes: 2,
  });
  assert.equal(loss, 2000);
  assert.deepEqual(gradient, Float32Array.of(1, -1));
});

Deno.test("targets of another shape are refused", () => {
  assert.throws(
    () => towardsTargets(new Float32Array(4), { targets: new Float32Array(2), classes: 2 }),
    {
      name: "RangeError",
      message: "Cannot take a loss: targets must be 4 probabilities, got 2",
    },
  );
});
