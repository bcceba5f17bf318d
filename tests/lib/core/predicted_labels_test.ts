import assert from "node:assert/strict";
import { predictedLabels } from "../../../lib/core/predicted_labels.ts";

Deno.test("of equally probable classes the first is predicted", () => {
  const probabilities = Float32Array.of(0.4, 0.4, 0.2, 0.2, 0.4, 0.4, 0, 0, 0);
  assert.deepEqual(predictedLabels(probabilities, 3), Uint8Array.of(0, 1, 0));
});
