/**
 * Arrays out of NumPy's files (`npy.ts` writes them).
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";

/** An array of bytes, row-major. */
export interface NpyArray {
  /** Extents, outermost first. */
  readonly shape: readonly number[];
  /** A view of the file. */
  readonly data: Uint8Array;
}

/**
 * Reads a `.npy` file of bytes or of truth values, row-major.
 *
 * @param file The whole file.
 * @param options.name What to call it in errors.
 * @throws {IntegrityError} If it is none, or holds something else.
 *
 * @example
 * ```ts
 * import { toNpy } from "./npy.ts";
 * import { readNpy } from "./read_npy.ts";
 * import assert from "node:assert/strict";
 *
 * const file = toNpy(Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
 * const { shape, data } = readNpy(file, { name: "six.npy" });
 * assert.deepEqual([shape, [...data]], [[2, 3], [1, 2, 3, 4, 5, 6]]);
 * ```
 */
export function readNpy(file: Uint8Array, { name }: { readonly name: string }): NpyArray {
  const refuse = (must: string, got: string) =>
    new IntegrityError(
      `Cannot read ${name}: it must be ${must}, got ${got}; write it by poison, or by numpy.savez ` +
        "of uint8 arrays",
    );
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isNpy = file.length >= 12 &&
    new TextDecoder("latin1").decode(file.subarray(1, 6)) === "NUMPY";
  if (!isNpy || file[0] !== 0x93) throw refuse("NumPy's file", "something else");
  const version = file[6]!;
  // Later versions have a longer length of the header.
  const [start, length] = version === 1
    ? [10, view.getUint16(8, true)]
    : [12, view.getUint32(8, true)];
  const header = new TextDecoder().decode(file.subarray(start, start + length));
  const [, type] = /'descr': '([^']*)'/.exec(header) ?? [];
  const [, extents] = /'shape': \(([\d, ]*)\)/.exec(header) ?? [];
  if (type === undefined || extents === undefined) throw refuse("NumPy's file", "a broken header");
  if (type !== "|u1" && type !== "|b1") throw refuse("of uint8 or bool", type);
  if (!/'fortran_order': False/.test(header)) throw refuse("in C order", "Fortran order");
  const shape = extents.split(",").filter((extent) => extent.trim() !== "").map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = file.subarray(start + length);
  if (data.length !== count) throw refuse(`${count} bytes of values`, `${data.length}`);
  return { shape, data };
}
