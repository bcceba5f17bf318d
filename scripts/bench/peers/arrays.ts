/**
 * A training task as files for the peers.
 *
 * @module
 */

import { selectImages } from "../../../lib/core/select_images.ts";
import type { LabelledImages } from "../../../lib/core/types.ts";
import { type Attack, materialise } from "../../../lib/poison/mod.ts";
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
  const sets = { train: materialise(set), test, attacked: attacked(test, attack) };
  for (const [name, { images, labels }] of Object.entries(sets)) {
    await Deno.writeFile(`${folder}/${name}_images.npy`, toNpy(images.data, images.shape));
    await Deno.writeFile(`${folder}/${name}_labels.npy`, toNpy(labels, [labels.length]));
  }
}

function attacked({ images, labels }: LabelledImages, attack: Attack): LabelledImages {
  const victims = [...labels.keys()].filter((i) => attack.targetOf(labels[i]!) !== null);
  const chosen = selectImages(images, victims);
  return {
    images: attack.trigger?.apply(chosen, { indices: victims }) ?? chosen,
    labels: Uint8Array.from(victims, (i) => attack.targetOf(labels[i]!)!),
  };
}
