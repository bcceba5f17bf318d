/** Sums of rows by segment, the gradient of a look-up. */

/**
 * out[s] = Σ of the rows of x whose id is s.
 *
 * @param x `(rows, columns)`.
 * @param ids i32, one a row, in any order; a row whose id is no segment is left out.
 * @param out `(segments, columns)`, overwritten.
 */
export function unsortedSegmentSum(
  x: usize,
  ids: usize,
  rows: i32,
  columns: i32,
  segments: i32,
  out: usize,
): void {
  const pitch = <usize> columns << 2;
  memory.fill(out, 0, <usize> segments * pitch);
  for (let row = 0; row < rows; row++) {
    const id = load<u32>(ids);
    if (id < <u32> segments) addRow(out + <usize> id * pitch, x, columns);
    ids += 4;
    x += pitch;
  }
}

/** to += from, n values. */
function addRow(to: usize, from: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  for (; i < n; i++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}
