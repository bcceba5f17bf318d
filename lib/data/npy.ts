/**
 * NumPy's file format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @module
 */

/**
 * An array as a `.npy` file of version 1.0, row-major.
 *
 * @param values As many as the shape says.
 * @param shape Extents, outermost first.
 */
export function toNpy(
  values: Float32Array | Uint8Array,
  shape: readonly number[],
): Uint8Array<ArrayBuffer> {
  const type = values instanceof Float32Array ? "<f4" : "|u1";
  const extents = shape.map((extent) => `${extent},`).join("");
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${extents}), }`;
  // Magic, version and the header's length take 10 bytes; values begin at a multiple of 64.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const file = new Uint8Array(start + values.byteLength);
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(file.buffer).setUint16(8, start - 10, true);
  file.set(new TextEncoder().encode(header.padEnd(start - 11) + "\n"), 10);
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return file;
}
