/**
 * The register tile for vectors of 256 bits: up to 6 rows by 16 columns. V8 makes it of pairs of
 * neighbouring operations (`--experimental-wasm-revectorize`), as long as every vector from the first
 * load to the store has its neighbour go the same way: hence no branch there, and no operation on
 * one of them alone.
 */

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class Tile16 {
  /**
   * Computes a tile of so many rows; parameters as of `computeWholeTile`. `rows` is a constant at each
   * call, so that inlining compiles away what it excludes.
   */
  @inline
  static run(
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
    const floors = f32x4.splat(floor);
    let c00 = v128.load(first),
      c01 = v128.load(first, 16),
      c02 = v128.load(first, 32),
      c03 = v128.load(first, 48);
    let c10 = floors, c11 = floors, c12 = floors, c13 = floors;
    if (rows > 1) {
      first += firstRow;
      c10 = v128.load(first),
        c11 = v128.load(first, 16),
        c12 = v128.load(first, 32),
        c13 = v128.load(first, 48);
    }
    let c20 = floors, c21 = floors, c22 = floors, c23 = floors;
    if (rows > 2) {
      first += firstRow;
      c20 = v128.load(first),
        c21 = v128.load(first, 16),
        c22 = v128.load(first, 32),
        c23 = v128.load(first, 48);
    }
    let c30 = floors, c31 = floors, c32 = floors, c33 = floors;
    if (rows > 3) {
      first += firstRow;
      c30 = v128.load(first),
        c31 = v128.load(first, 16),
        c32 = v128.load(first, 32),
        c33 = v128.load(first, 48);
    }
    let c40 = floors, c41 = floors, c42 = floors, c43 = floors;
    if (rows > 4) {
      first += firstRow;
      c40 = v128.load(first),
        c41 = v128.load(first, 16),
        c42 = v128.load(first, 32),
        c43 = v128.load(first, 48);
    }
    let c50 = floors, c51 = floors, c52 = floors, c53 = floors;
    if (rows > 5) {
      first += firstRow;
      c50 = v128.load(first),
        c51 = v128.load(first, 16),
        c52 = v128.load(first, 32),
        c53 = v128.load(first, 48);
    }
    const twoRows = aRow << 1, threeRows = twoRows + aRow;
    let v = floors, b0 = floors, b1 = floors, b2 = floors, b3 = floors;
    for (let s = 0; s < segments; s++) {
      let at = a;
      if (offsets != 0) at += load<u32>(offsets + (<usize> s << 2));
      for (let k = run; k > 0; k -= 1) {
        b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
        v = v128.load32_splat(at);
        c00 = f32x4.relaxed_madd(v, b0, c00);
        c01 = f32x4.relaxed_madd(v, b1, c01);
        c02 = f32x4.relaxed_madd(v, b2, c02);
        c03 = f32x4.relaxed_madd(v, b3, c03);
        if (rows > 1) {
          v = v128.load32_splat(at + aRow);
          c10 = f32x4.relaxed_madd(v, b0, c10);
          c11 = f32x4.relaxed_madd(v, b1, c11);
          c12 = f32x4.relaxed_madd(v, b2, c12);
          c13 = f32x4.relaxed_madd(v, b3, c13);
        }
        if (rows > 2) {
          v = v128.load32_splat(at + twoRows);
          c20 = f32x4.relaxed_madd(v, b0, c20);
          c21 = f32x4.relaxed_madd(v, b1, c21);
          c22 = f32x4.relaxed_madd(v, b2, c22);
          c23 = f32x4.relaxed_madd(v, b3, c23);
        }
        if (rows > 3) {
          v = v128.load32_splat(at + threeRows);
          c30 = f32x4.relaxed_madd(v, b0, c30);
          c31 = f32x4.relaxed_madd(v, b1, c31);
          c32 = f32x4.relaxed_madd(v, b2, c32);
          c33 = f32x4.relaxed_madd(v, b3, c33);
        }
        if (rows > 4) {
          v = v128.load32_splat(at + threeRows + aRow);
          c40 = f32x4.relaxed_madd(v, b0, c40);
          c41 = f32x4.relaxed_madd(v, b1, c41);
          c42 = f32x4.relaxed_madd(v, b2, c42);
          c43 = f32x4.relaxed_madd(v, b3, c43);
        }
        if (rows > 5) {
          v = v128.load32_splat(at + threeRows + twoRows);
          c50 = f32x4.relaxed_madd(v, b0, c50);
          c51 = f32x4.relaxed_madd(v, b1, c51);
          c52 = f32x4.relaxed_madd(v, b2, c52);
          c53 = f32x4.relaxed_madd(v, b3, c53);
        }
        at += aStep, b += bRow;
      }
    }
    Tile16.storeRow(c, c00, c01, c02, c03, floors);
    if (rows > 1) {
      c += cRow;
      Tile16.storeRow(c, c10, c11, c12, c13, floors);
    }
    if (rows > 2) {
      c += cRow;
      Tile16.storeRow(c, c20, c21, c22, c23, floors);
    }
    if (rows > 3) {
      c += cRow;
      Tile16.storeRow(c, c30, c31, c32, c33, floors);
    }
    if (rows > 4) {
      c += cRow;
      Tile16.storeRow(c, c40, c41, c42, c43, floors);
    }
    if (rows > 5) {
      c += cRow;
      Tile16.storeRow(c, c50, c51, c52, c53, floors);
    }
  }

  /** NaN is not below anything, and stays. */
  @inline
  static storeRow(c: usize, v0: v128, v1: v128, v2: v128, v3: v128, floors: v128): void {
    v128.store(c, f32x4.pmax(v0, floors));
    v128.store(c, f32x4.pmax(v1, floors), 16);
    v128.store(c, f32x4.pmax(v2, floors), 32);
    v128.store(c, f32x4.pmax(v3, floors), 48);
  }
}

/** `computeWholeTile` of 16 columns. */
export function computeTile16(
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
  if (rows == 6) {
    Tile16.run(6, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 5) {
    Tile16.run(5, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 4) {
    Tile16.run(4, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 3) {
    Tile16.run(3, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 2) {
    Tile16.run(2, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else {
    Tile16.run(1, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  }
}
