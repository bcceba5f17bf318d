import assert from "node:assert/strict";
import { pointsOf } from "../../../scripts/bench/scale_points.ts";

Deno.test("sweeps share the usual point, which is measured once", () => {
  const usual = { images: 100, workers: 2, batchSize: 32 };
  const points = pointsOf(usual, [
    { size: "images", values: [100, 200] },
    { size: "workers", values: [1, 2] },
  ]);
  assert.deepEqual(points, [usual, { ...usual, images: 200 }, { ...usual, workers: 1 }]);
});
