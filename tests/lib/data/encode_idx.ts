/** An IDX file of unsigned bytes. */
export function encodeIdx(
  shape: readonly number[],
  data: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const headerLength = 4 + 4 * shape.length;
  const bytes = new Uint8Array(headerLength + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((length, i) => view.setUint32(4 + 4 * i, length));
  bytes.set(data, headerLength);
  return bytes;
}
