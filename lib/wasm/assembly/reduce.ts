/** Sums and means over leading axes, and the gradient of a mean. */

/** Rows that are summed before their sum joins the total: keeps rounding errors from piling up. */
const ROWS_AT_ONCE: i32 = 256;

/**
 * Sums `(rows, columns)` over its rows, in blocks and in a fixed order.
 *
 * @param out `(columns)`, overwritten.
 */
export function sumRows(x: usize, rows: i32, columns: i32, out: usize): void {
  memory.fill(out, 0, <usize> columns << 2);
  addRowSums(x, rows, columns, out);
}

/** As `sumRows`, added to what is at `out`. */
export function addRowSums(x: usize, rows: i32, columns: i32, out: usize): void {
  const pitch = <usize> columns << 2;
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const count = min(ROWS_AT_ONCE, rows - start);
    const block = x + <usize> start * pitch;
    let j = 0;
    for (; j + 8 <= columns; j += 8) {
      let at = block + (<usize> j << 2);
      let s0 = v128.load(at), s1 = v128.load(at, 16);
      for (let i = 1; i < count; i++) {
        at += pitch;
        s0 = f32x4.add(s0, v128.load(at));
        s1 = f32x4.add(s1, v128.load(at, 16));
      }
      const total = out + (<usize> j << 2);
      v128.store(total, f32x4.add(v128.load(total), s0));
      v128.store(total, f32x4.add(v128.load(total, 16), s1), 16);
    }
    for (; j < columns; j++) {
      let at = block + (<usize> j << 2);
      let sum: f32 = 0;
      for (let i = 0; i < count; i++) {
        sum += load<f32>(at);
        at += pitch;
      }
      const total = out + (<usize> j << 2);
      store<f32>(total, load<f32>(total) + sum);
    }
  }
}

/** The mean over the rows of `(rows, columns)`: `sumRows` over their number. */
export function meanRows(x: usize, rows: i32, columns: i32, out: usize): void {
  sumRows(x, rows, columns, out);
  for (const end = out + (<usize> columns << 2); out < end; out += 4) {
    store<f32>(out, load<f32>(out) / <f32> rows);
  }
}

/**
 * out = row · scale, again and again.
 *
 * @param row `(columns)`.
 * @param out `(rows, columns)`, overwritten.
 */
export function repeatRow(row: usize, rows: i32, columns: i32, scale: f32, out: usize): void {
  const pitch = <usize> columns << 2;
  for (let at: usize = 0; at < pitch && rows > 0; at += 4) {
    store<f32>(out + at, load<f32>(row + at) * scale);
  }
  // What is there is copied behind itself, twice as much each time.
  const bytes = <usize> rows * pitch;
  let done = pitch;
  while (done < bytes) {
    const more = min(done, bytes - done);
    memory.copy(out + done, out, more);
    done += more;
  }
}
