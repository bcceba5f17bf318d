import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom, normal } from "../../../../lib/core/random.ts";
import { kMeans } from "../../../../lib/defence/rows/k_means.ts";

Deno.test("two heaps are found as they are", () => {
  const random = createRandom(1, "heaps");
  const points = Float32Array.from(
    { length: 200 },
    (_, i) => normal(random) + (i % 10 < 2 ? 20 : 0),
  );
  const { assignment, centres } = kMeans(points, { width: 2, random: createRandom(1, "k-means") });
  const far = centres[0]! > 10 ? 0 : 1;
  assert.deepEqual(
    [...assignment],
    Array.from({ length: 100 }, (_, i) => i % 5 === 0 ? far : 1 - far),
  );
});

const cases = fc.record({
  values: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 40 }),
  count: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
});

Deno.test("each point is with the nearest centre, which is the mean of its points", () =>
  fc.assert(fc.property(cases, ({ values, count, seed }) => {
    const points = Float32Array.from(values);
    const options = { width: 1, count, random: createRandom(seed, "k-means") };
    const { assignment, centres, inertia } = kMeans(points, options);
    let sum = 0;
    points.forEach((value, row) => {
      const distances = [...centres].map((centre) => (value - centre) ** 2);
      assert.ok(distances[assignment[row]!]! <= Math.min(...distances) + 1e-12);
      sum += distances[assignment[row]!]!;
    });
    assert.ok(Math.abs(sum - inertia) < 1e-9);
    centres.forEach((centre, cluster) => {
      const own = points.filter((_, row) => assignment[row] === cluster);
      if (own.length === 0) return;
      assert.ok(Math.abs(own.reduce((all, value) => all + value) / own.length - centre) < 1e-9);
    });
  })));

Deno.test("points that are all alike have no spread, and no end", () => {
  const { inertia } = kMeans(new Float32Array(12).fill(3), {
    ...{ width: 2, random: createRandom(1, "k-means") },
  });
  assert.equal(inertia, 0);
});
