/**
 * Perturbed images that are worked out once and shared by all models that are trained on some of them.
 *
 * @module
 */

import { join } from "node:path";
import { absentAsNull } from "../../core/absent_as_null.ts";
import { sha256 } from "../../core/digest.ts";
import { selectImages } from "../../core/select_images.ts";
import type { BatchShape, ImageBatch, Json, LabelledImages } from "../../core/types.ts";
import { toNpy } from "../../data/npy.ts";
import type { Perturb } from "../../poison/mod.ts";
import { writeAtomically } from "../../core/write_atomically.ts";

/** What perturbed images are of, and where they are kept. */
export interface MemoryOptions {
  /** Where; it need not exist. A file is NumPy's, float32. */
  readonly folder: string;
  /** All that they depend on but the class: perturbation, proxy, data, seed. */
  readonly key: Json;
  /** The training images, as they are. */
  readonly clean: LabelledImages;
}

/**
 * Makes a perturbation that perturbs all images of a class when it is first asked for one of them, by
 * this process or another, and from then on reads them. An image's perturbation must not depend on
 * the images beside it.
 *
 * @param perturb Does the work; asked for images of one class at a time.
 */
export function rememberPerturbed(
  perturb: Perturb,
  { folder, key, clean }: MemoryOptions,
): Perturb {
  return async (images, labels, { indices }) => {
    const [label] = labels;
    if (label === undefined) return images;
    const all = Uint32Array.from(
      Array.from(clean.labels.keys()).filter((index) => clean.labels[index] === label),
    );
    const [, ...shape] = images.shape;
    const name = await sha256(new TextEncoder().encode(JSON.stringify([key, label])));
    const path = join(folder, `${name}.npy`);
    const perturbed = await read(path, [all.length, ...shape]) ?? await make();
    const places = new Map([...all].map((index, place) => [index, place]));
    return selectImages(perturbed, [...indices].map((index) => places.get(index)!));

    async function make(): Promise<ImageBatch> {
      const ofClass = selectImages(clean.images, all);
      const made = await perturb(ofClass, new Uint8Array(all.length).fill(label!), {
        indices: all,
      });
      await Deno.mkdir(folder, { recursive: true });
      await writeAtomically(path, toNpy(made.data, made.shape));
      return made;
    }
  };
}

/** `null` if there is no such file, or it holds something else. */
async function read(path: string, shape: BatchShape): Promise<ImageBatch | null> {
  const bytes = await absentAsNull(Deno.readFile(path));
  if (bytes === null) return null;
  const header = toNpy(new Float32Array(), shape);
  const size = shape.reduce((product, extent) => product * extent, 4);
  const isOfShape = bytes.length === header.length + size &&
    header.every((byte, i) => byte === bytes[i]);
  return isOfShape ? { data: new Float32Array(bytes.buffer, header.length), shape } : null;
}
