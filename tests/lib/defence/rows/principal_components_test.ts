import assert from "node:assert/strict";
import fc from "fast-check";
import { principalComponents, project } from "../../../../lib/defence/rows/principal_components.ts";

const clouds = fc.integer({ min: 1, max: 6 }).chain((width) =>
  fc.array(
    fc.array(fc.integer({ min: -9, max: 9 }), { minLength: width, maxLength: width }),
    { minLength: 1, maxLength: 20 },
  ).map((rows) => ({ width, points: Float32Array.from(rows.flat()) }))
);

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * b[k]!, 0);
}

Deno.test("directions are orthonormal, and points vary along them as they say, the most first", () =>
  fc.assert(fc.property(clouds, ({ width, points }) => {
    const components = principalComponents(points, { width });
    const { mean, variances, directions } = components;
    directions.forEach((a, i) =>
      directions.forEach((b, j) => assert.ok(Math.abs(dot(a, b) - (i === j ? 1 : 0)) < 1e-9))
    );
    const count = points.length / width;
    const along = project(points, components, width);
    let all = 0;
    for (let k = 0; k < width; k++) {
      const variance = along.reduce((sum, v, i) => sum + (i % width === k ? v * v : 0), 0) / count;
      assert.ok(Math.abs(variance - variances[k]!) < 1e-3 * (1 + variance));
      assert.ok(k === 0 || variances[k]! <= variances[k - 1]!);
      all += variances[k]!;
    }
    const spread = points.reduce((sum, v, i) => sum + (v - mean[i % width]!) ** 2, 0) / count;
    assert.ok(Math.abs(all - spread) < 1e-6 * (1 + spread), "nothing is lost");
  })));

Deno.test("a line's direction is the line's, pointed to where its largest component is positive", () => {
  const points = Float32Array.of(1, 1, 4, -3, -2, 5);
  const { directions, variances } = principalComponents(points, { width: 2 });
  assert.ok(Math.abs(directions[0]![0]! + 0.6) < 1e-9 && Math.abs(directions[0]![1]! - 0.8) < 1e-9);
  assert.ok(variances[1]! < 1e-9);
});
