/**
 * A training task as files for the peers.
 *
 * @module
 */

import { materialise, triggeredImages } from "../../../lib/poison/mod.ts";
import type { TrainingTask } from "../training_task.ts";
import { toNpy } from "../../../lib/data/mod.ts";

/**
 * Writes the arrays of a task: `train_images.npy`, float32 `(N, H, W, C)`, the trigger stamped where
 * it belongs, and `train_labels.npy`, uint8 `(N)`; the same of `test`, and of `attacked`: the test
 * images that have a target, with the trigger, labelled as their target.
 *
 * @param folder Where; it is made, and files there are replaced.
 */
export async function writeArrays(
  { set, test, attack }: TrainingTask,
  folder: string,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  // These tasks stamp all.
  const { images, targets } = triggeredImages(test, attack)!;
  const sets = { train: materialise(set), test, attacked: { images, labels: targets } };
  for (const [name, { images, labels }] of Object.entries(sets)) {
    await Deno.writeFile(`${folder}/${name}_images.npy`, toNpy(images.data, images.shape));
    await Deno.writeFile(`${folder}/${name}_labels.npy`, toNpy(labels, [labels.length]));
  }
}
