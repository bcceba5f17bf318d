/**
 * Training sets out of NumPy's archives, as `poison` writes them.
 *
 * @module
 */

import { unzipSync } from "fflate";
import { IntegrityError } from "../core/errors.ts";
import type { LabelledImages } from "../core/types.ts";
import { type NpyArray, readNpy } from "./read_npy.ts";

/** A training set of a file. */
export interface PoisonedFile {
  /** Values in 0–1. */
  readonly train: LabelledImages;
  /** 1 where a row is poisoned, else 0, `(M)`; `null` if the file does not say. */
  readonly poisoned: Uint8Array | null;
}

/**
 * Reads the arrays `x_train` (uint8, `(M, H, W, C)` or `(M, H, W)`), `y_train` (uint8, `(M)`) and, if it
 * is there, `poisoned_train` (bool, `(M)`).
 *
 * @param bytes The archive.
 * @param options.name What to call it in errors.
 * @throws {IntegrityError} If it is none, or the arrays are others.
 */
export function readPoisonedNpz(
  bytes: Uint8Array,
  { name }: { readonly name: string },
): PoisonedFile {
  const wanted = ["x_train.npy", "y_train.npy", "poisoned_train.npy"];
  const files = unzip(bytes, { name, wanted });
  const read = (file: string): NpyArray | null =>
    files[file] === undefined ? null : readNpy(files[file], { name: `${file} in ${name}` });
  const [images, labels, poisoned] = wanted.map(read);
  const refuse = (must: string, got: string) =>
    new IntegrityError(
      `Cannot read ${name}: it must hold ${must}, got ${got}; write it by poison --format npz`,
    );
  if (!images || !labels) {
    throw refuse("x_train and y_train", Object.keys(files).join() || "neither");
  }
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape;
  const isSet = images.shape.length >= 3 && images.shape.length <= 4 && count > 0 &&
    [labels, poisoned ?? labels].every(({ shape }) => shape.length === 1 && shape[0] === count);
  if (!isSet) {
    const shapes = [images, labels, poisoned].map((array) => `(${array?.shape ?? ""})`);
    throw refuse("M images, M labels and, if any, M marks", `shapes ${shapes.join(", ")}`);
  }
  const data = new Float32Array(images.data.length);
  for (let i = 0; i < data.length; i++) data[i] = images.data[i]! / 255;
  return {
    train: {
      images: { data, shape: [count, height, width, channels] },
      labels: labels.data.slice(),
    },
    poisoned: poisoned?.data.slice() ?? null,
  };
}

function unzip(
  bytes: Uint8Array,
  { name, wanted }: { readonly name: string; readonly wanted: readonly string[] },
): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter: (file) => wanted.includes(file.name) });
  } catch (cause) {
    throw new IntegrityError(
      `Cannot read ${name}: it must be NumPy's archive (.npz), got something else; write it by ` +
        "poison --format npz",
      { cause },
    );
  }
}
