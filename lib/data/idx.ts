/**
 * The IDX file format, in which MNIST and its relatives are published: two zero bytes, a byte for
 * the element type, a byte for the number of dimensions, each dimension as a big-endian uint32,
 * then the elements in row-major order.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";

/** An array read from an IDX file. */
export interface IdxArray {
  /** The element type; these data sets have no other. */
  readonly type: "uint8";
  /** Length of each dimension, outermost first; at least one. */
  readonly shape: readonly number[];
  /** The elements, row-major: a view of the bytes that were read. */
  readonly data: Uint8Array<ArrayBuffer>;
}

const UNSIGNED_BYTE = 0x08;

/** The other element types that IDX knows, to name them in the refusal. */
const OTHER_TYPES = new Map([
  [0x09, "signed byte"],
  [0x0b, "16-bit integer"],
  [0x0c, "32-bit integer"],
  [0x0d, "32-bit float"],
  [0x0e, "64-bit float"],
]);

/**
 * Reads an IDX file of unsigned bytes.
 *
 * @param bytes The whole file, uncompressed.
 * @param options.name What to call the file in errors, for example its path.
 * @returns The array; its data shares the buffer of `bytes`.
 * @throws {IntegrityError} If the magic number, element type, dimensions or length are not those of
 * such a file; names the file and the byte offset.
 *
 * @example
 * ```ts
 * import { readIdx } from "./idx.ts";
 * import assert from "node:assert/strict";
 *
 * const labels = readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3), { name: "labels" });
 * assert.deepEqual(labels.shape, [2]);
 * assert.deepEqual([...labels.data], [7, 3]);
 * ```
 */
export function readIdx(bytes: Uint8Array<ArrayBuffer>, { name }: { name: string }): IdxArray {
  const refuse = (offset: number, must: string, got: string) =>
    new IntegrityError(
      `Cannot read ${name}: at byte ${offset}, ${must}, got ${got}; ` +
        "put the authors' IDX file in its place, uncompressed or as .gz",
    );

  const [zero0, zero1, type, rank] = bytes;
  if (zero0 === undefined || zero1 === undefined || type === undefined || rank === undefined) {
    throw refuse(bytes.length, "the header must be at least 4 bytes long", `${bytes.length} bytes`);
  }
  if (zero0 !== 0 || zero1 !== 0) {
    throw refuse(0, "an IDX file must begin with two zero bytes", `${hex(zero0)} ${hex(zero1)}`);
  }
  if (type !== UNSIGNED_BYTE) {
    const typeName = OTHER_TYPES.get(type) ?? "no IDX type";
    throw refuse(2, "the element type must be 0x08 (unsigned byte)", `${hex(type)} (${typeName})`);
  }
  if (rank === 0) {
    throw refuse(3, "the number of dimensions must be at least 1", "0");
  }
  const headerLength = 4 + 4 * rank;
  if (bytes.length < headerLength) {
    const must = `the header of ${rank} dimensions must be ${headerLength} bytes long`;
    throw refuse(bytes.length, must, `${bytes.length} bytes`);
  }

  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const empty = shape.indexOf(0);
  if (empty >= 0) {
    throw refuse(4 + 4 * empty, `dimension ${empty} must be at least 1`, "0");
  }
  const elements = shape.reduce((product, length) => product * length, 1);
  const data = bytes.subarray(headerLength);
  if (data.length !== elements) {
    const must = `${elements} elements (${shape.join(" × ")}) must follow the header`;
    throw refuse(headerLength, must, `${data.length}`);
  }
  return { type: "uint8", shape, data };
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}

/**
 * Unsigned bytes as an IDX file.
 *
 * @param values Integers from 0 to 255, as many as the shape says, row-major.
 * @param shape Length of each dimension, outermost first.
 *
 * @example
 * ```ts
 * import { readIdx, toIdx } from "./idx.ts";
 * import assert from "node:assert/strict";
 *
 * const file = toIdx(Uint8Array.of(7, 3), [2]);
 * assert.deepEqual([...readIdx(file, { name: "labels" }).data], [7, 3]);
 * ```
 */
export function toIdx(
  values: ArrayLike<number>,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const headerLength = 4 + 4 * shape.length;
  const file = new Uint8Array(headerLength + values.length);
  file.set([0, 0, UNSIGNED_BYTE, shape.length]);
  const view = new DataView(file.buffer);
  shape.forEach((length, i) => view.setUint32(4 + 4 * i, length));
  file.set(values, headerLength);
  return file;
}
