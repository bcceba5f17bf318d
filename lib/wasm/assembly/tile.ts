/**
 * The register tile under every dense kernel: up to 6 rows by 8 columns of C = A·B + bias, held in
 * twelve vector registers while k runs. Six by eight is what sixteen registers hold beside two
 * vectors of B and one broadcast of A.
 */

/** Add to what C holds instead of overwriting it. */
export const ACCUMULATE: i32 = 1;
/** Clamp at zero from below, after the bias. */
export const RELU: i32 = 2;

/** Columns of a tile, and of a panel of B. */
export const COLUMNS: i32 = 8;
/** Most rows of a tile. */
export const ROWS: i32 = 6;

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class Tile {
  /**
   * Computes one tile. `rows` is a constant at each call below, so that inlining compiles away what
   * it excludes. A is read in place: element (i, k) lies at `a + i·aRow + k·aStep`, and k may run
   * over several segments, each `run` long, that begin at `a + offsets[s]` (byte offsets, i32); no
   * offsets means one segment at a. B is a packed panel (`pack.ts`): k-th row at `b + 32·k`.
   */
  @inline
  static compute(
    rows: i32,
    a: usize,
    aRow: usize,
    aStep: usize,
    offsets: usize,
    segments: i32,
    run: i32,
    b: usize,
    c: usize,
    cRow: usize,
    columns: i32,
    bias: usize,
    flags: i32,
  ): void {
    let c00 = f32x4.splat(0), c01 = c00;
    let c10 = c00, c11 = c00;
    let c20 = c00, c21 = c00;
    let c30 = c00, c31 = c00;
    let c40 = c00, c41 = c00;
    let c50 = c00, c51 = c00;
    for (let s = 0; s < segments; s++) {
      let a0 = a;
      if (offsets != 0) a0 += load<u32>(offsets + (<usize> s << 2));
      let a1 = a0 + aRow;
      let a2 = a1 + aRow;
      let a3 = a2 + aRow;
      let a4 = a3 + aRow;
      let a5 = a4 + aRow;
      for (let k = run; k > 0; k--) {
        const b0 = v128.load(b);
        const b1 = v128.load(b, 16);
        let v = v128.load32_splat(a0);
        c00 = f32x4.relaxed_madd(v, b0, c00);
        c01 = f32x4.relaxed_madd(v, b1, c01);
        a0 += aStep;
        if (rows > 1) {
          v = v128.load32_splat(a1);
          c10 = f32x4.relaxed_madd(v, b0, c10);
          c11 = f32x4.relaxed_madd(v, b1, c11);
          a1 += aStep;
        }
        if (rows > 2) {
          v = v128.load32_splat(a2);
          c20 = f32x4.relaxed_madd(v, b0, c20);
          c21 = f32x4.relaxed_madd(v, b1, c21);
          a2 += aStep;
          v = v128.load32_splat(a3);
          c30 = f32x4.relaxed_madd(v, b0, c30);
          c31 = f32x4.relaxed_madd(v, b1, c31);
          a3 += aStep;
        }
        if (rows > 4) {
          v = v128.load32_splat(a4);
          c40 = f32x4.relaxed_madd(v, b0, c40);
          c41 = f32x4.relaxed_madd(v, b1, c41);
          a4 += aStep;
          v = v128.load32_splat(a5);
          c50 = f32x4.relaxed_madd(v, b0, c50);
          c51 = f32x4.relaxed_madd(v, b1, c51);
          a5 += aStep;
        }
        b += COLUMNS * 4;
      }
    }
    finishRow(c, c00, c01, columns, bias, flags);
    if (rows > 1) finishRow(c + cRow, c10, c11, columns, bias, flags);
    if (rows > 2) {
      finishRow(c + 2 * cRow, c20, c21, columns, bias, flags);
      finishRow(c + 3 * cRow, c30, c31, columns, bias, flags);
    }
    if (rows > 4) {
      finishRow(c + 4 * cRow, c40, c41, columns, bias, flags);
      finishRow(c + 5 * cRow, c50, c51, columns, bias, flags);
    }
  }
}

/** The tile for 1, 2, 4 or 6 rows; parameters as of `Tile.compute`. */
export function computeTile(
  rows: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  offsets: usize,
  segments: i32,
  run: i32,
  b: usize,
  c: usize,
  cRow: usize,
  columns: i32,
  bias: usize,
  flags: i32,
): void {
  if (rows == 6) {
    Tile.compute(6, a, aRow, aStep, offsets, segments, run, b, c, cRow, columns, bias, flags);
  } else if (rows == 4) {
    Tile.compute(4, a, aRow, aStep, offsets, segments, run, b, c, cRow, columns, bias, flags);
  } else if (rows == 2) {
    Tile.compute(2, a, aRow, aStep, offsets, segments, run, b, c, cRow, columns, bias, flags);
  } else {
    Tile.compute(1, a, aRow, aStep, offsets, segments, run, b, c, cRow, columns, bias, flags);
  }
}

/** The most rows that one tile can take of those that are left: 6, 4, 2 or 1. */
export function tileRows(left: i32): i32 {
  return left >= 6 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
}

/** Adds the bias and what C held, clamps, and stores the columns that exist. */
function finishRow(c: usize, v0: v128, v1: v128, columns: i32, bias: usize, flags: i32): void {
  if (columns < COLUMNS) {
    finishNarrowRow(c, v0, v1, columns, bias, flags);
    return;
  }
  if (bias != 0) {
    v0 = f32x4.add(v0, v128.load(bias));
    v1 = f32x4.add(v1, v128.load(bias, 16));
  }
  if (flags & ACCUMULATE) {
    v0 = f32x4.add(v0, v128.load(c));
    v1 = f32x4.add(v1, v128.load(c, 16));
  }
  if (flags & RELU) {
    v0 = f32x4.max(v0, f32x4.splat(0));
    v1 = f32x4.max(v1, f32x4.splat(0));
  }
  v128.store(c, v0);
  v128.store(c, v1, 16);
}

function finishNarrowRow(
  c: usize,
  v0: v128,
  v1: v128,
  columns: i32,
  bias: usize,
  flags: i32,
): void {
  for (let j = 0; j < columns; j++) {
    let value = f32x4.extract_lane(v0, 0);
    if (bias != 0) value += load<f32>(bias + (<usize> j << 2));
    if (flags & ACCUMULATE) value += load<f32>(c);
    if (flags & RELU) value = max<f32>(value, 0);
    store<f32>(c, value);
    c += 4;
    // Lanes move down by one; the second vector feeds the first.
    v0 = i8x16.shuffle(v0, v1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    v1 = i8x16.shuffle(v1, v1, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
  }
}
