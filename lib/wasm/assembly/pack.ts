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
    const first = b + <usize> j * bStep;
    const bytes = <usize> k * TILE_ROW;
    if (columns < COLUMNS) memory.fill(panels, 0, bytes);
    if (bRow == 4) {
      transposeRows(first, bStep, columns, k, panels, TILE_ROW);
    } else if (columns == COLUMNS && bStep == 4) {
      copyRows(first, bRow, k, panels);
    } else {
      for (let i = 0; i < k; i++) {
        for (let column = 0; column < columns; column++) {
          const value = load<f32>(first + <usize> i * bRow + <usize> column * bStep);
          store<f32>(panels + <usize> i * TILE_ROW + (<usize> column << 2), value);
        }
      }
    }
    panels += bytes;
  }
}

/** Copies k rows of a tile's width into a panel. */
function copyRows(from: usize, fromRow: usize, k: i32, panel: usize): void {
  for (let i = 0; i < k; i++) {
    for (let at: usize = 0; at < TILE_ROW; at += 32) {
      v128.store(panel + at, v128.load(from + at));
      v128.store(panel + at, v128.load(from + at, 16), 16);
    }
    from += fromRow;
    panel += TILE_ROW;
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
  transposeRows(from, <usize> columns << 2, rows, columns, to, <usize> rows << 2);
}

/** `transpose` between rows that lie `fromRow` and `toRow` bytes apart, in blocks of 4×4. */
function transposeRows(
  from: usize,
  fromRow: usize,
  rows: i32,
  columns: i32,
  to: usize,
  toRow: usize,
): void {
  const blockRows = rows & ~3, blockColumns = columns & ~3;
  for (let i = 0; i < blockRows; i += 4) {
    for (let j = 0; j < blockColumns; j += 4) {
      let at = from + <usize> i * fromRow + (<usize> j << 2);
      const r0 = v128.load(at), r1 = v128.load(at + fromRow);
      at += 2 * fromRow;
      const r2 = v128.load(at), r3 = v128.load(at + fromRow);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      let out = to + <usize> j * toRow + (<usize> i << 2);
      v128.store(out, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      out += toRow;
      v128.store(out, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
      out += toRow;
      v128.store(out, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
      out += toRow;
      v128.store(out, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = i < blockRows ? blockColumns : 0; j < columns; j++) {
      const value = load<f32>(from + <usize> i * fromRow + (<usize> j << 2));
      store<f32>(to + <usize> j * toRow + (<usize> i << 2), value);
    }
  }
}

/** Makes `bytes` bytes zero: what kernels that add to their result begin with. */
export function fill(pointer: usize, bytes: usize): void {
  memory.fill(pointer, 0, bytes);
}

/** Copies `bytes` bytes; the two places may overlap. */
export function copy(from: usize, to: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}
