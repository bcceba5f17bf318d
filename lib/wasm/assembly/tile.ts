/** Tiles of a product, whole or not; the whole ones are `whole_tile.ts`'s. */

import { COLUMNS, computeWholeTile, ROWS, TILE_ROW } from "./whole_tile";

/** Add to what C holds instead of overwriting it. */
export const ACCUMULATE: i32 = 1;
/** Clamp at zero from below, after the bias. */
export const RELU: i32 = 2;

/** Bytes of scratch that `computeTile` takes: a first row, and a tile. */
export const TILE_SCRATCH: usize = <usize> (1 + ROWS) * TILE_ROW;

/**
 * Computes one tile of C, whose first `columns` columns exist.
 *
 * A is read in place: element (i, k) lies at `a + i·aRow + k·aStep`, and k may run over several
 * segments, each `run` long, that begin at `a + offsets[s]` (byte offsets, u32, modulo 2³²); no
 * offsets means one segment at a. The k-th row of B lies at `b + k·bRow`, and is read in the whole
 * width of a tile. Rows of C may overlap where they are added to: one is added after the other.
 *
 * @param rows 1 to 6.
 * @param bias One value for each column that exists, or 0 for none; 0 where `ACCUMULATE`.
 * @param flags `ACCUMULATE`, `RELU`.
 * @param scratch `TILE_SCRATCH` bytes.
 */
export function computeTile(
  rows: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  offsets: usize,
  segments: i32,
  run: i32,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  columns: i32,
  bias: usize,
  flags: i32,
  scratch: usize,
): void {
  const isWhole = columns == COLUMNS && cRow >= TILE_ROW;
  let first = scratch;
  let firstRow: usize = 0;
  if (isWhole && flags & ACCUMULATE) {
    first = c;
    firstRow = cRow;
  } else if (isWhole && bias != 0) {
    first = bias;
  } else {
    for (let j = 0; j < COLUMNS; j += 4) v128.store(scratch + (<usize> j << 2), i64x2.splat(0));
    for (let j = 0; bias != 0 && j < columns; j++) {
      store<f32>(scratch + (<usize> j << 2), load<f32>(bias + (<usize> j << 2)));
    }
  }
  const tile = isWhole ? c : scratch + TILE_ROW;
  computeWholeTile(
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
    isWhole && flags & RELU ? 0 : -Infinity,
    tile,
    isWhole ? cRow : TILE_ROW,
  );
  if (isWhole) return;
  for (let i = 0; i < rows; i++) {
    moveRow(tile + <usize> i * TILE_ROW, columns, flags, c + <usize> i * cRow);
  }
}

/** Moves the columns that exist from a tile of its own to C. */
function moveRow(from: usize, columns: i32, flags: i32, c: usize): void {
  const floor: f32 = flags & RELU ? 0 : -Infinity;
  const floors = f32x4.splat(floor);
  for (; columns >= 4; columns -= 4) {
    let values = v128.load(from);
    if (flags & ACCUMULATE) values = f32x4.add(values, v128.load(c));
    v128.store(c, f32x4.pmax(values, floors));
    from += 16;
    c += 16;
  }
  for (; columns > 0; columns--) {
    let value = load<f32>(from);
    if (flags & ACCUMULATE) value += load<f32>(c);
    store<f32>(c, value < floor ? floor : value);
    from += 4;
    c += 4;
  }
}

/** Rows of the next tile where so many are left: as even as tiles of at most 6 can be. */
export function tileRows(left: i32): i32 {
  const tiles = (left + ROWS - 1) / ROWS;
  return (left + tiles - 1) / tiles;
}
