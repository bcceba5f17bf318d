/**
 * NumPy's file format for several arrays: a ZIP archive with a `.npy` file for each
 * (https://numpy.org/doc/stable/reference/generated/numpy.savez_compressed.html).
 *
 * @module
 */

import { type Zippable, zipSync } from "fflate";

/** ZIP's earliest date, local time as ZIP has it: an archive does not say when it was made. */
const DATE = new Date(1980, 0, 1);

/**
 * Files as a deflated archive that `numpy.load` opens: `archive["x_train"]` is the array of
 * `x_train.npy`, and a file of another ending is read as bytes. The same files give the same archive.
 *
 * @param files Name and contents of each; arrays are made by `toNpy`, and end in `.npy`.
 */
export function toNpz(files: Readonly<Record<string, Uint8Array>>): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [name, bytes] of Object.entries(files)) entries[name] = [bytes, { mtime: DATE }];
  return zipSync(entries);
}
