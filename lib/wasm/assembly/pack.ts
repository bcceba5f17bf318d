/** Rearrangement of operands into the order in which the tile reads them. */

import { COLUMNS, ROWS, TILE_ROW } from "./whole_tile";

/** n, up to whole tiles. */
export function wholeTiles(n: i32): i32 {
  return (n + COLUMNS - 1) / COLUMNS * COLUMNS;
}

/**
 * Packs B `(k, n)`, element (k, j) at `b + k·bRow + j·bStep`, into panels as wide as a tile, the
 * last one filled with zeros. Takes `wholeTiles(n)·k` floats at `panels`.
 */
export function packPanels(
  b: usize,
  bRow: usize,
  bStep: usize,
  k: i32,
  n: i32,
  panels: usize,
): void {
  for (let j = 0; j < n; j += COLUMNS) {
    const columns = min(COLUMNS, n - j);
    let row = b + <usize> j * bStep;
    if (columns == COLUMNS && bStep == 4) {
      for (let i = 0; i < k; i++) {
        for (let at: usize = 0; at < TILE_ROW; at += 32) {
          v128.store(panels + at, v128.load(row + at));
          v128.store(panels + at, v128.load(row + at, 16), 16);
        }
        row += bRow;
        panels += TILE_ROW;
      }
    } else {
      for (let i = 0; i < k; i++) {
        let element = row;
        for (let column = 0; column < columns; column++) {
          store<f32>(panels + (<usize> column << 2), load<f32>(element));
          element += bStep;
        }
        for (let column = columns; column < COLUMNS; column++) {
          store<f32>(panels + (<usize> column << 2), 0);
        }
        row += bRow;
        panels += TILE_ROW;
      }
    }
  }
}

/**
 * Packs `rows` ≤ 6 rows of A, element (i, k) at `a + i·4 + k·aStep`, into `(k, 6)`. Of rows that do
 * not exist nothing is written, and no tile reads them.
 */
export function packTransposedRows(a: usize, aStep: usize, rows: i32, k: i32, out: usize): void {
  for (let i = 0; i < k; i++) {
    if (rows == ROWS) {
      v128.store(out, v128.load(a));
      store<u64>(out, load<u64>(a, 16), 16);
    } else {
      for (let row = 0; row < rows; row++) {
        store<f32>(out + (<usize> row << 2), load<f32>(a + (<usize> row << 2)));
      }
    }
    a += aStep;
    out += ROWS * 4;
  }
}

/** Writes the transpose of `(rows, columns)` at `from` to `to`, `(columns, rows)`. */
export function transpose(from: usize, rows: i32, columns: i32, to: usize): void {
  for (let i = 0; i < rows; i++) {
    let out = to + (<usize> i << 2);
    for (let j = 0; j < columns; j++) {
      store<f32>(out, load<f32>(from));
      from += 4;
      out += <usize> rows << 2;
    }
  }
}

/** Makes `bytes` bytes zero: what kernels that add to their result begin with. */
export function fill(pointer: usize, bytes: usize): void {
  memory.fill(pointer, 0, bytes);
}
