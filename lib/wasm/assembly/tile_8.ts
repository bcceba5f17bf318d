/**
 * The register tile for vectors of 128 bits: up to 6 rows by 8 columns, in the twelve registers that
 * are left beside two vectors of B and one broadcast of A.
 *
 * V8 checks each load's address. What a k costs is kept below what the processor takes in while it
 * multiplies: all rows are found from one address, and k goes on by four, for V8 looks once a turn
 * whether it was told to stop. Binaryen would work out one sum of the four after the other, for
 * which there are not the registers; it moves nothing over a break.
 */

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class Tile8 {
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
    let c00 = v128.load(first), c01 = v128.load(first, 16);
    let c10 = floors, c11 = floors;
    if (rows > 1) {
      first += firstRow;
      c10 = v128.load(first), c11 = v128.load(first, 16);
    }
    let c20 = floors, c21 = floors;
    if (rows > 2) {
      first += firstRow;
      c20 = v128.load(first), c21 = v128.load(first, 16);
    }
    let c30 = floors, c31 = floors;
    if (rows > 3) {
      first += firstRow;
      c30 = v128.load(first), c31 = v128.load(first, 16);
    }
    let c40 = floors, c41 = floors;
    if (rows > 4) {
      first += firstRow;
      c40 = v128.load(first), c41 = v128.load(first, 16);
    }
    let c50 = floors, c51 = floors;
    if (rows > 5) {
      first += firstRow;
      c50 = v128.load(first), c51 = v128.load(first, 16);
    }
    const twoRows = aRow << 1, threeRows = twoRows + aRow;
    let v = floors, b0 = floors, b1 = floors;
    for (let s = 0; s < segments; s++) {
      let at = a;
      if (offsets != 0) at += load<u32>(offsets + (<usize> s << 2));
      for (let k = run; k > 0; k -= 4) {
        b0 = v128.load(b), b1 = v128.load(b, 16);
        v = v128.load32_splat(at);
        c00 = f32x4.relaxed_madd(v, b0, c00);
        c01 = f32x4.relaxed_madd(v, b1, c01);
        if (rows > 1) {
          v = v128.load32_splat(at + aRow);
          c10 = f32x4.relaxed_madd(v, b0, c10);
          c11 = f32x4.relaxed_madd(v, b1, c11);
        }
        if (rows > 2) {
          v = v128.load32_splat(at + twoRows);
          c20 = f32x4.relaxed_madd(v, b0, c20);
          c21 = f32x4.relaxed_madd(v, b1, c21);
        }
        if (rows > 3) {
          v = v128.load32_splat(at + threeRows);
          c30 = f32x4.relaxed_madd(v, b0, c30);
          c31 = f32x4.relaxed_madd(v, b1, c31);
        }
        if (rows > 4) {
          v = v128.load32_splat(at + threeRows + aRow);
          c40 = f32x4.relaxed_madd(v, b0, c40);
          c41 = f32x4.relaxed_madd(v, b1, c41);
        }
        if (rows > 5) {
          v = v128.load32_splat(at + threeRows + twoRows);
          c50 = f32x4.relaxed_madd(v, b0, c50);
          c51 = f32x4.relaxed_madd(v, b1, c51);
        }
        at += aStep, b += bRow;
        if (k == 1) break;
        b0 = v128.load(b), b1 = v128.load(b, 16);
        v = v128.load32_splat(at);
        c00 = f32x4.relaxed_madd(v, b0, c00);
        c01 = f32x4.relaxed_madd(v, b1, c01);
        if (rows > 1) {
          v = v128.load32_splat(at + aRow);
          c10 = f32x4.relaxed_madd(v, b0, c10);
          c11 = f32x4.relaxed_madd(v, b1, c11);
        }
        if (rows > 2) {
          v = v128.load32_splat(at + twoRows);
          c20 = f32x4.relaxed_madd(v, b0, c20);
          c21 = f32x4.relaxed_madd(v, b1, c21);
        }
        if (rows > 3) {
          v = v128.load32_splat(at + threeRows);
          c30 = f32x4.relaxed_madd(v, b0, c30);
          c31 = f32x4.relaxed_madd(v, b1, c31);
        }
        if (rows > 4) {
          v = v128.load32_splat(at + threeRows + aRow);
          c40 = f32x4.relaxed_madd(v, b0, c40);
          c41 = f32x4.relaxed_madd(v, b1, c41);
        }
        if (rows > 5) {
          v = v128.load32_splat(at + threeRows + twoRows);
          c50 = f32x4.relaxed_madd(v, b0, c50);
          c51 = f32x4.relaxed_madd(v, b1, c51);
        }
        at += aStep, b += bRow;
        if (k == 2) break;
        b0 = v128.load(b), b1 = v128.load(b, 16);
        v = v128.load32_splat(at);
        c00 = f32x4.relaxed_madd(v, b0, c00);
        c01 = f32x4.relaxed_madd(v, b1, c01);
        if (rows > 1) {
          v = v128.load32_splat(at + aRow);
          c10 = f32x4.relaxed_madd(v, b0, c10);
          c11 = f32x4.relaxed_madd(v, b1, c11);
        }
        if (rows > 2) {
          v = v128.load32_splat(at + twoRows);
          c20 = f32x4.relaxed_madd(v, b0, c20);
          c21 = f32x4.relaxed_madd(v, b1, c21);
        }
        if (rows > 3) {
          v = v128.load32_splat(at + threeRows);
          c30 = f32x4.relaxed_madd(v, b0, c30);
          c31 = f32x4.relaxed_madd(v, b1, c31);
        }
        if (rows > 4) {
          v = v128.load32_splat(at + threeRows + aRow);
          c40 = f32x4.relaxed_madd(v, b0, c40);
          c41 = f32x4.relaxed_madd(v, b1, c41);
        }
        if (rows > 5) {
          v = v128.load32_splat(at + threeRows + twoRows);
          c50 = f32x4.relaxed_madd(v, b0, c50);
          c51 = f32x4.relaxed_madd(v, b1, c51);
        }
        at += aStep, b += bRow;
        if (k == 3) break;
        b0 = v128.load(b), b1 = v128.load(b, 16);
        v = v128.load32_splat(at);
        c00 = f32x4.relaxed_madd(v, b0, c00);
        c01 = f32x4.relaxed_madd(v, b1, c01);
        if (rows > 1) {
          v = v128.load32_splat(at + aRow);
          c10 = f32x4.relaxed_madd(v, b0, c10);
          c11 = f32x4.relaxed_madd(v, b1, c11);
        }
        if (rows > 2) {
          v = v128.load32_splat(at + twoRows);
          c20 = f32x4.relaxed_madd(v, b0, c20);
          c21 = f32x4.relaxed_madd(v, b1, c21);
        }
        if (rows > 3) {
          v = v128.load32_splat(at + threeRows);
          c30 = f32x4.relaxed_madd(v, b0, c30);
          c31 = f32x4.relaxed_madd(v, b1, c31);
        }
        if (rows > 4) {
          v = v128.load32_splat(at + threeRows + aRow);
          c40 = f32x4.relaxed_madd(v, b0, c40);
          c41 = f32x4.relaxed_madd(v, b1, c41);
        }
        if (rows > 5) {
          v = v128.load32_splat(at + threeRows + twoRows);
          c50 = f32x4.relaxed_madd(v, b0, c50);
          c51 = f32x4.relaxed_madd(v, b1, c51);
        }
        at += aStep, b += bRow;
      }
    }
    Tile8.storeRow(c, c00, c01, floors);
    if (rows > 1) {
      c += cRow;
      Tile8.storeRow(c, c10, c11, floors);
    }
    if (rows > 2) {
      c += cRow;
      Tile8.storeRow(c, c20, c21, floors);
    }
    if (rows > 3) {
      c += cRow;
      Tile8.storeRow(c, c30, c31, floors);
    }
    if (rows > 4) {
      c += cRow;
      Tile8.storeRow(c, c40, c41, floors);
    }
    if (rows > 5) {
      c += cRow;
      Tile8.storeRow(c, c50, c51, floors);
    }
  }

  /** NaN is not below anything, and stays. */
  @inline
  static storeRow(c: usize, v0: v128, v1: v128, floors: v128): void {
    v128.store(c, f32x4.pmax(v0, floors));
    v128.store(c, f32x4.pmax(v1, floors), 16);
  }
}

/** `computeWholeTile` of 8 columns. */
export function computeTile8(
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
    Tile8.run(6, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 5) {
    Tile8.run(5, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 4) {
    Tile8.run(4, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 3) {
    Tile8.run(3, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else if (rows == 2) {
    Tile8.run(2, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  } else {
    Tile8.run(1, a, aRow, aStep, offsets, segments, run, b, bRow, first, firstRow, floor, c, cRow);
  }
}
