import assert from "node:assert/strict";

/** The largest magnitude of some values. */
export function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** Asserts that values differ by no more than a share of the largest one that is expected. */
export function assertClose(actual: Float32Array, expected: Float32Array, rounding = 1e-4): void {
  assert.equal(actual.length, expected.length);
  const limit = rounding * largest(expected);
  assert.ok(limit > 0, "too small to tell");
  const difference = largest(actual.map((value, i) => value - expected[i]!));
  assert.ok(difference < limit, `${difference}, more than ${limit}`);
}
