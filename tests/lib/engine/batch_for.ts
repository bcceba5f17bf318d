import { createRandom } from "../../../lib/core/random.ts";
import type { ImageShape, LabelledImages } from "../../../lib/core/types.ts";
import { randomBatch } from "../model/random_batch.ts";

/** Random images for a network, under the labels 0 to 2; the same for the same seed. */
export function batchFor(
  { input }: { readonly input: ImageShape },
  count: number,
  seed = 1,
): LabelledImages {
  const { integer } = createRandom(seed, "labels");
  return {
    images: randomBatch([count, ...input], seed),
    labels: Uint8Array.from({ length: count }, () => integer(3)),
  };
}
