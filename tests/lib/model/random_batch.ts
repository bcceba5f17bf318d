import { createRandom } from "../../../lib/core/random.ts";
import type { BatchShape, ImageBatch } from "../../../lib/core/types.ts";

/** Images of random values in 0–1; the same for the same seed. */
export function randomBatch(shape: BatchShape, seed = 1): ImageBatch {
  const { uniform } = createRandom(seed, "images");
  const length = shape.reduce((product, axis) => product * axis, 1);
  return { data: Float32Array.from({ length }, uniform), shape };
}
