/**
 * NumPy's file format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @module
 */

/** What the elements of an array are. */
export type NpyType = keyof typeof descriptions;

/** NumPy's words for them, little-endian. */
const descriptions = { float32: "<f4", uint8: "|u1", uint32: "<u4", bool: "|b1" } as const;

/**
 * An array as a `.npy` file of version 1.0, row-major.
 *
 * @param values As many as the shape says.
 * @param shape Extents, outermost first.
 * @param type What they are; that of `values` if left out. Bytes that are 0 or 1 may be `"bool"`, which
 * NumPy takes for a mask, where it takes numbers for indices.
 */
export function toNpy(
  values: Float32Array | Uint8Array | Uint32Array,
  shape: readonly number[],
  type: NpyType = typeOf(values),
): Uint8Array<ArrayBuffer> {
  const extents = shape.map((extent) => `${extent},`).join("");
  const header = `{'descr': '${
    descriptions[type]
  }', 'fortran_order': False, 'shape': (${extents}), }`;
  // Magic, version and the header's length take 10 bytes; values begin at a multiple of 64.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const file = new Uint8Array(start + values.byteLength);
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(file.buffer).setUint16(8, start - 10, true);
  file.set(new TextEncoder().encode(header.padEnd(start - 11) + "\n"), 10);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return file;
}

function typeOf(values: Float32Array | Uint8Array | Uint32Array): NpyType {
  if (values instanceof Float32Array) return "float32";
  return values instanceof Uint32Array ? "uint32" : "uint8";
}
