import assert from "node:assert/strict";
import fc from "fast-check";
import { choleskyFactor, solve, solveLower } from "../../../lib/core/cholesky.ts";
import { createRandom, normal } from "../../../lib/core/random.ts";

/** A·Aᵀ + I of a random A, which is positive definite, and a random vector. */
const equations = fc.record({ size: fc.integer({ min: 1, max: 8 }), seed: fc.nat() }).map(
  ({ size, seed }) => {
    const random = createRandom(seed, "equations");
    const a = Float64Array.from({ length: size * size }, () => normal(random));
    const matrix = Float64Array.from({ length: size * size }, (_, i) => {
      const [row, column] = [Math.floor(i / size), i % size];
      let sum = row === column ? 1 : 0;
      for (let k = 0; k < size; k++) sum += a[row * size + k]! * a[column * size + k]!;
      return sum;
    });
    return { size, matrix, vector: Float64Array.from({ length: size }, () => normal(random)) };
  },
);

/** Matrix times vector. */
function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) =>
    vector.reduce((sum, value, column) => sum + matrix[row * size + column]! * value, 0)
  );
}

function assertClose(actual: Float64Array, expected: Float64Array): void {
  actual.forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]!) < 1e-9, `${value}, expected ${expected[i]}`)
  );
}

Deno.test("a solution, put into its equations, gives the right side", () =>
  fc.assert(fc.property(equations, ({ size, matrix, vector }) => {
    const factor = choleskyFactor(matrix, size);
    assertClose(times(matrix, solve(factor, vector.slice())), vector);
    assertClose(times(factor, solveLower(factor, vector.slice())), vector);
    assert.ok(factor.every((value, i) => i % size <= Math.floor(i / size) || value === 0));
  })));

Deno.test("the result stands where the right side stood", () => {
  const vector = Float64Array.of(8, 9);
  assert.equal(solve(choleskyFactor(Float64Array.of(4, 0, 0, 9), 2), vector), vector);
  assert.deepEqual(vector, Float64Array.of(2, 1));
});

Deno.test("a matrix that is not positive definite is refused", () => {
  for (const matrix of [Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 0, 0, NaN)]) {
    assert.throws(() => choleskyFactor(matrix, 2), {
      name: "RangeError",
      message:
        /^Cannot factorise a matrix: it must be positive definite, got a pivot of .* row 1; /,
    });
  }
});
