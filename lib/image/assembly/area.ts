/** Sums of rows of bytes, for averages over areas. */

/**
 * Adds rows to sums, sample by sample, each row by its weight.
 *
 * @param data Bytes, `(rows, samples)`; 16 more can be read.
 * @param rows From 1 to 259: of those between, 257 add up to 16 bits.
 * @param firstWeight Of the first row.
 * @param weight Of each row between.
 * @param lastWeight Of the last row, if that is not the first.
 * @param sums `samples` times i32; up to 15 more are written.
 */
export function addRows(
  data: usize,
  samples: i32,
  rows: i32,
  firstWeight: i32,
  weight: i32,
  lastWeight: i32,
  sums: usize,
): void {
  const first = i32x4.splat(firstWeight);
  const between = i32x4.splat(weight);
  const last = i32x4.splat(lastWeight);
  const pitch = <usize> samples;
  for (let column = 0; column < samples; column += 16, data += 16, sums += 64) {
    const head = v128.load(data);
    addProducts(sums, i16x8.extend_low_i8x16_u(head), i16x8.extend_high_i8x16_u(head), first);
    if (rows == 1) continue;
    let low = i16x8.splat(0), high = i16x8.splat(0);
    const end = data + pitch * <usize> (rows - 1);
    for (let row = data + pitch; row < end; row += pitch) {
      const bytes = v128.load(row);
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(bytes));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(bytes));
    }
    addProducts(sums, low, high, between);
    const tail = v128.load(end);
    addProducts(sums, i16x8.extend_low_i8x16_u(tail), i16x8.extend_high_i8x16_u(tail), last);
  }
}

/** Adds the products of 16 numbers of 16 bits, which have no sign, and a weight. */
function addProducts(sums: usize, low: v128, high: v128, weight: v128): void {
  addProduct(sums, i32x4.extend_low_i16x8_u(low), weight);
  addProduct(sums + 16, i32x4.extend_high_i16x8_u(low), weight);
  addProduct(sums + 32, i32x4.extend_low_i16x8_u(high), weight);
  addProduct(sums + 48, i32x4.extend_high_i16x8_u(high), weight);
}

function addProduct(sums: usize, values: v128, weight: v128): void {
  v128.store(sums, i32x4.add(v128.load(sums), i32x4.mul(values, weight)));
}
