/**
 * The register tile under every dense kernel: up to 6 rows of C = A·B + bias, held in vector
 * registers while k runs; as wide as the build's vectors ask for.
 */

import { computeTile16 } from "./tile_16";
import { computeTile8 } from "./tile_8";

/** Columns of a tile, and of a panel of B: 8 or 16, by the build's option. */
export const COLUMNS: i32 = TILE_COLUMNS;
/** Most rows of a tile. */
export const ROWS: i32 = 6;

/** Bytes from one row to the next of a tile, or of a panel of B, that stands by itself. */
export const TILE_ROW: usize = <usize> COLUMNS << 2;

/**
 * Computes one whole tile of 1 to 6 rows; parameters as of `computeTile` (`tile.ts`). Row i begins as
 * what lies at `first + i·firstRow`, and ends no lower than `floor`; rows of C do not overlap.
 */
export function computeWholeTile(
  rows: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  offsets: usize,
  segments: i32,
  run: i32,
  b: usize,
  bRow: usize,
  first: usize,
  firstRow: usize,
  floor: f32,
  c: usize,
  cRow: usize,
): void {
  if (COLUMNS > 8) {
    computeTile16(
      rows,
      a,
      aRow,
      aStep,
      offsets,
      segments,
      run,
      b,
      bRow,
      first,
      firstRow,
      floor,
      c,
      cRow,
    );
  } else {
    computeTile8(
      rows,
      a,
      aRow,
      aStep,
      offsets,
      segments,
      run,
      b,
      bRow,
      first,
      firstRow,
      floor,
      c,
      cRow,
    );
  }
}
