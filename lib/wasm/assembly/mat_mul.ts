/** Matrix multiplication over strided operands. */

import { packPanels, packTransposedRows } from "./pack";
import { ACCUMULATE, computeTile, RELU, TILE_SCRATCH, tileRows } from "./tile";
import { COLUMNS, ROWS, TILE_ROW } from "./whole_tile";

/** k is taken in blocks of this many, so that a tile's operands stay in the first-level cache. */
const BLOCK: i32 = 512;

/** Most rows of C for which B is read in place: packing it pays where many tiles read it. */
const FEW_ROWS: i32 = 2 * ROWS;

/** Bytes of scratch that `matMul` takes for these sizes. */
export function matMulScratch(n: i32, k: i32): f64 {
  const panels = <f64> ((n + COLUMNS - 1) / COLUMNS) * COLUMNS;
  return <f64> TILE_SCRATCH + (panels + ROWS) * min(BLOCK, k) * 4;
}

/**
 * C = A·B + bias for A `(m, k)`, B `(k, n)`, C `(m, n)`: element (i, k) of A at
 * `a + i·aRow + k·aStep`, one of both strides being 4; B likewise; element (i, j) of C at
 * `c + i·cRow + 4·j`.
 *
 * @param bias `(n)`, or 0 for none; 0 where `ACCUMULATE`.
 * @param flags `ACCUMULATE`, `RELU`.
 * @param scratch `matMulScratch(n, k)` bytes.
 */
export function matMul(
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  m: i32,
  n: i32,
  k: i32,
  bias: usize,
  flags: i32,
  scratch: usize,
): void {
  const packedRows = scratch + TILE_SCRATCH;
  const panels = packedRows + <usize> (ROWS * min(BLOCK, k)) * 4;
  // Columns of B that are read in place come first; of those behind them panels are packed.
  const inPlace = m <= FEW_ROWS && bStep == 4 ? n - n % COLUMNS : 0;
  // One pass at least: where k is 0, C is the bias.
  for (let start = 0; start == 0 || start < k; start += BLOCK) {
    const depth = min(BLOCK, k - start);
    let blockFlags = start == 0 ? flags & ACCUMULATE : ACCUMULATE;
    if (start + depth == k) blockFlags |= flags & RELU;
    const block = b + <usize> start * bRow;
    packPanels(block + <usize> inPlace * bStep, bRow, bStep, depth, n - inPlace, panels);
    for (let i = 0; i < m;) {
      const rows = tileRows(m - i);
      let tileA = a + <usize> i * aRow + <usize> start * aStep;
      let row = aRow;
      let step = aStep;
      if (aStep != 4) {
        packTransposedRows(tileA, aStep, rows, depth, packedRows);
        tileA = packedRows;
        row = 4;
        step = ROWS * 4;
      }
      for (let j = 0; j < n; j += COLUMNS) {
        const isPacked = j >= inPlace;
        computeTile(
          rows,
          tileA,
          row,
          step,
          0,
          1,
          depth,
          isPacked ? panels + (<usize> ((j - inPlace) * depth) << 2) : block + (<usize> j << 2),
          isPacked ? TILE_ROW : bRow,
          c + <usize> i * cRow + (<usize> j << 2),
          cRow,
          min(COLUMNS, n - j),
          start == 0 && bias != 0 ? bias + (<usize> j << 2) : 0,
          blockFlags,
          scratch,
        );
      }
      i += rows;
    }
  }
}
