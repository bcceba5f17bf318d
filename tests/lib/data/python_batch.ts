/** A batch as Python 2's cPickle wrote it with protocol 2, byte for byte in the originals' order. */

const text = new TextEncoder();

function string(value: string): number[] {
  return [0x55, value.length, ...text.encode(value)];
}

function uint32(value: number): number[] {
  return [...new Uint8Array(Uint32Array.of(value).buffer)];
}

function integer(value: number): number[] {
  return value < 256 ? [0x4b, value] : [0x4a, ...uint32(value)];
}

function global(module: string, name: string): number[] {
  return [0x63, ...text.encode(`${module}\n${name}\n`)];
}

/** What of a batch a test may change. */
export interface PythonBatch {
  readonly labels: readonly number[];
  /** `(N, 3072)`, planes of red, green, blue. */
  readonly values: Uint8Array;
  /** NumPy's name of the values' type; `u1` unless given. */
  readonly type?: string;
  readonly key?: string;
}

/** Pickles a batch: its own label, labels, data, file names. */
export function pythonBatch(
  { labels, values, type = "u1", key = "data" }: PythonBatch,
): Uint8Array<ArrayBuffer> {
  const [mark, reduce, build] = [0x28, 0x52, 0x62];
  let memo = 0;
  const memoised = (...bytes: number[]) => [...bytes, 0x71, ++memo];
  const dictionary = memoised(0x7d);
  const items = [
    ...memoised(...string("batch_label")),
    ...memoised(...string("training batch 1 of 5")),
    ...memoised(...string("labels")),
    ...memoised(0x5d),
    ...[mark, ...labels.flatMap(integer), 0x65],
    ...memoised(...string(key)),
    ...memoised(...global("numpy.core.multiarray", "_reconstruct")),
    ...memoised(...global("numpy", "ndarray")),
    ...[...integer(0), 0x85, ...memoised(...string("b")), 0x87, reduce],
    ...[mark, ...integer(1), ...integer(labels.length), 0x4d, 0x00, 0x0c, 0x86],
    ...memoised(...global("numpy", "dtype")),
    ...[...memoised(...string(type)), ...integer(0), ...integer(1), 0x87, reduce],
    ...[mark, ...integer(3), ...string("|"), 0x4e, 0x4e, 0x4e],
    ...[0x4a, 0xff, 0xff, 0xff, 0xff, 0x4a, 0xff, 0xff, 0xff, 0xff, ...integer(0), 0x74, build],
    ...[0x89, 0x54, ...uint32(values.length)],
  ];
  const end = [
    ...[0x74, build],
    ...memoised(...string("filenames")),
    ...memoised(0x5d),
    ...[mark, ...string("a.png"), ...string("b.png"), 0x65],
    ...[0x75, 0x2e],
  ];
  return Uint8Array.from([0x80, 2, ...dictionary, mark, ...items, ...values, ...end]);
}
