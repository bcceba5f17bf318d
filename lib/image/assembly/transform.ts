/**
 * The inverse discrete cosine transform of a JPEG's blocks, by integers: the results of Loeffler,
 * Ligtenberg and Moschytz's (ICASSP 1989) as libjpeg's default has it, `jidctint.c`. So the samples
 * are equal to those of libjpeg, libjpeg-turbo and the programs on them.
 *
 * libjpeg saves products by adding before it multiplies. Here each of its sums is written out as
 * products of the line's eight values, of which one instruction makes two and adds them. Between the
 * two passes values have 16 bits, as in libjpeg-turbo's own vectors, which holds those of all lawful
 * files.
 */

/**
 * Factors of a line's values, times 2 to the 13, in pairs: of 0 and 4, of 2 and 6; of 1 and 7 and of 3
 * and 5 in each of the four sums of odd ones; then, of the first four values alone, the same of 0 and
 * 2 and of 1 and 3.
 */
// deno-fmt-ignore
const FACTORS = memory.data<i16>([
  8192, 8192, 8192, -8192, 10703, 4433, 4433, -10704,
  11363, 2260, 9633, 6437, 9633, -6436, -2259, -11362,
  6437, 9633, -11362, 2261, 2260, -11363, -6436, 9633,
  8192, 10703, 8192, 4433, 8192, -4433, 8192, -10703,
  11363, 9633, 9633, -2259, 6437, -11362, 2260, -6436,
], 16);

/** What the first pass leaves to the second, and that to the end: 64 values of 16 bits. */
const workspace = memory.data(128, 16);

/** Between the passes, values have two bits behind the point. */
const COLUMN_SHIFT: i32 = 11;
const COLUMN_HALF: i32 = 1 << (COLUMN_SHIFT - 1);
const ROW_SHIFT: i32 = 18;
/** Half of what is shifted out, and 128, for samples are coded around it. */
const ROW_HALF: i32 = (1 << (ROW_SHIFT - 1)) + (128 << ROW_SHIFT);

/** Up to this index in zigzag order, coefficients stand in the first four rows and columns. */
const LAST_OF_FOUR: i32 = 9;

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class Line {
  /** Sums of products, by the factors of a number. */
  @inline
  static dot(pairs: v128, factors: usize): v128 {
    return i32x4.dot_i16x8_s(pairs, v128.load32_splat(FACTORS + factors * 4));
  }

  @inline
  static lower(a: v128, b: v128): v128 {
    return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  }

  @inline
  static upper(a: v128, b: v128): v128 {
    return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }

  /** Of two halves, what is at one end of a line: even values and odd ones added. */
  @inline
  static front(even0: v128, even1: v128, odd0: v128, odd1: v128, shift: i32): v128 {
    return i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(even0, odd0), shift),
      i32x4.shr_s(i32x4.add(even1, odd1), shift),
    );
  }

  /** What is at the other end. */
  @inline
  static back(even0: v128, even1: v128, odd0: v128, odd1: v128, shift: i32): v128 {
    return i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.sub(even0, odd0), shift),
      i32x4.shr_s(i32x4.sub(even1, odd1), shift),
    );
  }

  /** Writes eight lines of eight values across. */
  @inline
  static turn(
    a: v128,
    b: v128,
    c: v128,
    d: v128,
    e: v128,
    f: v128,
    g: v128,
    h: v128,
  ): void {
    // Interleaved three times: with what is four lines off, two, one.
    const ae0 = Line.lower(a, e), ae1 = Line.upper(a, e);
    const bf0 = Line.lower(b, f), bf1 = Line.upper(b, f);
    const cg0 = Line.lower(c, g), cg1 = Line.upper(c, g);
    const dh0 = Line.lower(d, h), dh1 = Line.upper(d, h);
    const aceg0 = Line.lower(ae0, cg0), aceg1 = Line.upper(ae0, cg0);
    const aceg2 = Line.lower(ae1, cg1), aceg3 = Line.upper(ae1, cg1);
    const bdfh0 = Line.lower(bf0, dh0), bdfh1 = Line.upper(bf0, dh0);
    const bdfh2 = Line.lower(bf1, dh1), bdfh3 = Line.upper(bf1, dh1);
    v128.store(workspace, Line.lower(aceg0, bdfh0));
    v128.store(workspace, Line.upper(aceg0, bdfh0), 16);
    v128.store(workspace, Line.lower(aceg1, bdfh1), 32);
    v128.store(workspace, Line.upper(aceg1, bdfh1), 48);
    v128.store(workspace, Line.lower(aceg2, bdfh2), 64);
    v128.store(workspace, Line.upper(aceg2, bdfh2), 80);
    v128.store(workspace, Line.lower(aceg3, bdfh3), 96);
    v128.store(workspace, Line.upper(aceg3, bdfh3), 112);
  }

  /** Transforms the lines that lie across eight vectors, and writes each as a vector. */
  @inline
  static transform(
    s0: v128,
    s1: v128,
    s2: v128,
    s3: v128,
    s4: v128,
    s5: v128,
    s6: v128,
    s7: v128,
    half: i32,
    shift: i32,
  ): void {
    const low04 = Line.lower(s0, s4), high04 = Line.upper(s0, s4);
    const low26 = Line.lower(s2, s6), high26 = Line.upper(s2, s6);
    const rounding = i32x4.splat(half);
    const sum0 = i32x4.add(Line.dot(low04, 0), rounding);
    const sum1 = i32x4.add(Line.dot(high04, 0), rounding);
    const difference0 = i32x4.add(Line.dot(low04, 1), rounding);
    const difference1 = i32x4.add(Line.dot(high04, 1), rounding);
    const outer0 = Line.dot(low26, 2), outer1 = Line.dot(high26, 2);
    const inner0 = Line.dot(low26, 3), inner1 = Line.dot(high26, 3);
    const low17 = Line.lower(s1, s7), high17 = Line.upper(s1, s7);
    const low35 = Line.lower(s3, s5), high35 = Line.upper(s3, s5);

    let even0 = i32x4.add(sum0, outer0), even1 = i32x4.add(sum1, outer1);
    let odd0 = i32x4.add(Line.dot(low17, 4), Line.dot(low35, 5));
    let odd1 = i32x4.add(Line.dot(high17, 4), Line.dot(high35, 5));
    const a = Line.front(even0, even1, odd0, odd1, shift);
    const h = Line.back(even0, even1, odd0, odd1, shift);

    even0 = i32x4.add(difference0, inner0), even1 = i32x4.add(difference1, inner1);
    odd0 = i32x4.add(Line.dot(low17, 6), Line.dot(low35, 7));
    odd1 = i32x4.add(Line.dot(high17, 6), Line.dot(high35, 7));
    const b = Line.front(even0, even1, odd0, odd1, shift);
    const g = Line.back(even0, even1, odd0, odd1, shift);

    even0 = i32x4.sub(difference0, inner0), even1 = i32x4.sub(difference1, inner1);
    odd0 = i32x4.add(Line.dot(low17, 8), Line.dot(low35, 9));
    odd1 = i32x4.add(Line.dot(high17, 8), Line.dot(high35, 9));
    const c = Line.front(even0, even1, odd0, odd1, shift);
    const f = Line.back(even0, even1, odd0, odd1, shift);

    even0 = i32x4.sub(sum0, outer0), even1 = i32x4.sub(sum1, outer1);
    odd0 = i32x4.add(Line.dot(low17, 10), Line.dot(low35, 11));
    odd1 = i32x4.add(Line.dot(high17, 10), Line.dot(high35, 11));
    const d = Line.front(even0, even1, odd0, odd1, shift);
    const e = Line.back(even0, even1, odd0, odd1, shift);
    Line.turn(a, b, c, d, e, f, g, h);
  }

  /** As `transform`, if behind the fourth value of each line there is nothing. */
  @inline
  static transformFour(
    s0: v128,
    s1: v128,
    s2: v128,
    s3: v128,
    half: i32,
    shift: i32,
  ): void {
    const low02 = Line.lower(s0, s2), high02 = Line.upper(s0, s2);
    const low13 = Line.lower(s1, s3), high13 = Line.upper(s1, s3);
    const rounding = i32x4.splat(half);

    let even0 = i32x4.add(Line.dot(low02, 12), rounding);
    let even1 = i32x4.add(Line.dot(high02, 12), rounding);
    let odd0 = Line.dot(low13, 16), odd1 = Line.dot(high13, 16);
    const a = Line.front(even0, even1, odd0, odd1, shift);
    const h = Line.back(even0, even1, odd0, odd1, shift);

    even0 = i32x4.add(Line.dot(low02, 13), rounding);
    even1 = i32x4.add(Line.dot(high02, 13), rounding);
    odd0 = Line.dot(low13, 17), odd1 = Line.dot(high13, 17);
    const b = Line.front(even0, even1, odd0, odd1, shift);
    const g = Line.back(even0, even1, odd0, odd1, shift);

    even0 = i32x4.add(Line.dot(low02, 14), rounding);
    even1 = i32x4.add(Line.dot(high02, 14), rounding);
    odd0 = Line.dot(low13, 18), odd1 = Line.dot(high13, 18);
    const c = Line.front(even0, even1, odd0, odd1, shift);
    const f = Line.back(even0, even1, odd0, odd1, shift);

    even0 = i32x4.add(Line.dot(low02, 15), rounding);
    even1 = i32x4.add(Line.dot(high02, 15), rounding);
    odd0 = Line.dot(low13, 19), odd1 = Line.dot(high13, 19);
    const d = Line.front(even0, even1, odd0, odd1, shift);
    const e = Line.back(even0, even1, odd0, odd1, shift);
    Line.turn(a, b, c, d, e, f, g, h);
  }

  /** A row of coefficients times its row of the table. */
  @inline
  static row(block: usize, table: usize, index: usize): v128 {
    return i16x8.mul(v128.load(block + index * 16), v128.load(table + index * 16));
  }

  @inline
  static load(index: usize): v128 {
    return v128.load(workspace + index * 16);
  }
}

/**
 * Makes the samples of blocks that lie side by side.
 *
 * @param block Coefficients of the first block, `(columns, 8, 8)`, i16, row by row; all zero afterwards.
 * @param lasts By block, in zigzag order: behind this coefficient, all are zero. Bytes.
 * @param table The table of quantization, 64 times i16, row by row.
 * @param samples Where the first block's first sample goes.
 * @param stride Samples from one row to the next.
 */
export function transformBlocks(
  block: usize,
  lasts: usize,
  table: usize,
  samples: usize,
  stride: usize,
  columns: i32,
): void {
  const zero = i32x4.splat(0);
  for (let column = 0; column < columns; column++, block += 128, samples += 8) {
    const last = <i32> load<u8>(lasts + column);
    if (last == 0) {
      const first = <i32> <i16> (<i32> load<i16>(block) * <i32> load<i16>(table));
      store<i16>(block, 0);
      const sample = min(255, max(0, (first + 4 >> 3) + 128));
      fillBlock(samples, stride, <u64> sample * 0x0101010101010101);
      continue;
    }
    if (last <= LAST_OF_FOUR) {
      Line.transformFour(
        Line.row(block, table, 0),
        Line.row(block, table, 1),
        Line.row(block, table, 2),
        Line.row(block, table, 3),
        COLUMN_HALF,
        COLUMN_SHIFT,
      );
      Line.transformFour(
        Line.load(0),
        Line.load(1),
        Line.load(2),
        Line.load(3),
        ROW_HALF,
        ROW_SHIFT,
      );
    } else {
      Line.transform(
        Line.row(block, table, 0),
        Line.row(block, table, 1),
        Line.row(block, table, 2),
        Line.row(block, table, 3),
        Line.row(block, table, 4),
        Line.row(block, table, 5),
        Line.row(block, table, 6),
        Line.row(block, table, 7),
        COLUMN_HALF,
        COLUMN_SHIFT,
      );
      v128.store(block, zero, 64);
      v128.store(block, zero, 80);
      v128.store(block, zero, 96);
      v128.store(block, zero, 112);
      Line.transform(
        Line.load(0),
        Line.load(1),
        Line.load(2),
        Line.load(3),
        Line.load(4),
        Line.load(5),
        Line.load(6),
        Line.load(7),
        ROW_HALF,
        ROW_SHIFT,
      );
    }
    v128.store(block, zero);
    v128.store(block, zero, 16);
    v128.store(block, zero, 32);
    v128.store(block, zero, 48);
    writeBlock(samples, stride);
  }
}

/** Fills a block with eight bytes a row. */
function fillBlock(samples: usize, stride: usize, row: u64): void {
  for (let y = 0; y < 8; y++, samples += stride) store<u64>(samples, row);
}

/** Writes a block's samples, those beyond 0 to 255 as these. */
function writeBlock(samples: usize, stride: usize): void {
  for (let y: usize = 0; y < 128; y += 32, samples += 2 * stride) {
    const rows = i8x16.narrow_i16x8_u(
      v128.load(workspace + y),
      v128.load(workspace + y, 16),
    );
    v128.store64_lane(samples, rows, 0);
    v128.store64_lane(samples + stride, rows, 1);
  }
}
