/**
 * The inverse discrete cosine transform of a JPEG's blocks, by integers: Loeffler, Ligtenberg and
 * Moschytz's with 11 products a line (ICASSP 1989), step for step as libjpeg's default, `jidctint.c`.
 * So the samples are equal to those of libjpeg, libjpeg-turbo and the programs on them.
 *
 * @module
 */

import { BLOCK } from "./jpeg_frame.ts";
import type { Plane } from "./jpeg_plane.ts";

// Constants of the transform, times 2 to the 13.
const C_0_298631336 = 2446;
const C_0_390180644 = 3196;
const C_0_541196100 = 4433;
const C_0_765366865 = 6270;
const C_0_899976223 = 7373;
const C_1_175875602 = 9633;
const C_1_501321110 = 12299;
const C_1_847759065 = 15137;
const C_1_961570560 = 16069;
const C_2_053119869 = 16819;
const C_2_562915447 = 20995;
const C_3_072711026 = 25172;

/** Between the two passes, values have two bits behind the point. */
const COLUMN_SHIFT = 11;
const COLUMN_HALF = 1 << COLUMN_SHIFT - 1;
const ROW_SHIFT = 18;
/** Half of what is shifted out, and 128, for samples are coded around it. */
const ROW_HALF = (1 << ROW_SHIFT - 1) + (128 << ROW_SHIFT);

/** Up to this index in zigzag order, coefficients stand in the first four rows and columns. */
const LAST_OF_FOUR = 9;

/** What the first pass leaves to the second; written whole before it is read. */
const workspace = new Int32Array(64);

/**
 * Makes the samples of a block.
 *
 * @param block Coefficients row by row, multiplied by the table of quantization. All zero afterwards,
 * ready for the next block's.
 * @param last In zigzag order, the coefficients behind this one are zero.
 * @param plane Where the samples go.
 * @param index The block's index in the plane.
 */
export function inverseTransform(
  block: Int32Array,
  last: number,
  { samples, stride, component }: Plane,
  index: number,
): void {
  const row = Math.floor(index / component.paddedColumns);
  const start = row * BLOCK * stride + (index - row * component.paddedColumns) * BLOCK;
  if (last === 0) {
    const value = (block[0]! + 4 >> 3) + 128;
    block[0] = 0;
    for (let y = 0, to = start; y < BLOCK; y++, to += stride) {
      for (let x = 0; x < BLOCK; x++) samples[to + x] = value;
    }
  } else {
    const isWide = transformColumns(block, last <= LAST_OF_FOUR ? 4 : BLOCK);
    transformRows(samples, { start, stride, isWide });
  }
}

/**
 * The first pass, of the first `columns` columns; leaves zeros. Most columns have nothing in their lower
 * half, and many nothing but their first value.
 *
 * @returns Whether there is anything behind the fourth column.
 */
function transformColumns(block: Int32Array, columns: number): boolean {
  let right = 0;
  for (let x = 0; x < columns; x++) {
    const s0 = block[x]!;
    const s1 = block[x + 8]!;
    const s2 = block[x + 16]!;
    const s3 = block[x + 24]!;
    const s4 = block[x + 32]!;
    const s5 = block[x + 40]!;
    const s6 = block[x + 48]!;
    const s7 = block[x + 56]!;
    const upper = s1 | s2 | s3;
    const lower = s4 | s5 | s6 | s7;
    if (x >= 4) right |= s0 | upper | lower;
    block[x] = 0;
    if ((upper | lower) === 0) {
      const value = s0 << 2;
      workspace[x] = value;
      workspace[x + 8] = value;
      workspace[x + 16] = value;
      workspace[x + 24] = value;
      workspace[x + 32] = value;
      workspace[x + 40] = value;
      workspace[x + 48] = value;
      workspace[x + 56] = value;
      continue;
    }
    block[x + 8] = block[x + 16] = block[x + 24] = 0;
    let t0: number, t1: number, t2: number, t3: number;
    let odd0: number, odd1: number, odd2: number, odd3: number;
    if (lower === 0) {
      const even2 = Math.imul(s2, C_0_541196100);
      const even3 = even2 + Math.imul(s2, C_0_765366865);
      const sum = (s0 << 13) + COLUMN_HALF;
      t0 = sum + even3;
      t3 = sum - even3;
      t1 = sum + even2;
      t2 = sum - even2;

      const z5 = Math.imul(s3 + s1, C_1_175875602);
      const z1 = Math.imul(s1, -C_0_899976223);
      const z2 = Math.imul(s3, -C_2_562915447);
      const z3 = Math.imul(s3, -C_1_961570560) + z5;
      const z4 = Math.imul(s1, -C_0_390180644) + z5;
      odd0 = z1 + z3;
      odd1 = z2 + z4;
      odd2 = Math.imul(s3, C_3_072711026) + z2 + z3;
      odd3 = Math.imul(s1, C_1_501321110) + z1 + z4;
    } else {
      block[x + 32] =
        block[x + 40] =
        block[x + 48] =
        block[x + 56] =
          0;
      const even = Math.imul(s2 + s6, C_0_541196100);
      const even2 = even - Math.imul(s6, C_1_847759065);
      const even3 = even + Math.imul(s2, C_0_765366865);
      const sum = (s0 + s4 << 13) + COLUMN_HALF;
      const difference = (s0 - s4 << 13) + COLUMN_HALF;
      t0 = sum + even3;
      t3 = sum - even3;
      t1 = difference + even2;
      t2 = difference - even2;

      const z5 = Math.imul(s7 + s3 + s5 + s1, C_1_175875602);
      const z1 = Math.imul(s7 + s1, -C_0_899976223);
      const z2 = Math.imul(s5 + s3, -C_2_562915447);
      const z3 = Math.imul(s7 + s3, -C_1_961570560) + z5;
      const z4 = Math.imul(s5 + s1, -C_0_390180644) + z5;
      odd0 = Math.imul(s7, C_0_298631336) + z1 + z3;
      odd1 = Math.imul(s5, C_2_053119869) + z2 + z4;
      odd2 = Math.imul(s3, C_3_072711026) + z2 + z3;
      odd3 = Math.imul(s1, C_1_501321110) + z1 + z4;
    }
    workspace[x] = t0 + odd3 >> COLUMN_SHIFT;
    workspace[x + 56] = t0 - odd3 >> COLUMN_SHIFT;
    workspace[x + 8] = t1 + odd2 >> COLUMN_SHIFT;
    workspace[x + 48] = t1 - odd2 >> COLUMN_SHIFT;
    workspace[x + 16] = t2 + odd1 >> COLUMN_SHIFT;
    workspace[x + 40] = t2 - odd1 >> COLUMN_SHIFT;
    workspace[x + 24] = t3 + odd0 >> COLUMN_SHIFT;
    workspace[x + 32] = t3 - odd0 >> COLUMN_SHIFT;
  }
  return right !== 0;
}

/** The second pass; if `isWide` is false, there is nothing behind the fourth column. */
function transformRows(
  samples: Uint8ClampedArray,
  { start, stride, isWide }: { start: number; stride: number; isWide: boolean },
): void {
  for (let i = 0, to = start; i < 64; i += BLOCK, to += stride) {
    const s0 = workspace[i]!;
    const s1 = workspace[i + 1]!;
    const s2 = workspace[i + 2]!;
    const s3 = workspace[i + 3]!;
    let t0: number, t1: number, t2: number, t3: number;
    let odd0: number, odd1: number, odd2: number, odd3: number;
    if (!isWide) {
      const even2 = Math.imul(s2, C_0_541196100);
      const even3 = even2 + Math.imul(s2, C_0_765366865);
      const sum = (s0 << 13) + ROW_HALF;
      t0 = sum + even3;
      t3 = sum - even3;
      t1 = sum + even2;
      t2 = sum - even2;

      const z5 = Math.imul(s3 + s1, C_1_175875602);
      const z1 = Math.imul(s1, -C_0_899976223);
      const z2 = Math.imul(s3, -C_2_562915447);
      const z3 = Math.imul(s3, -C_1_961570560) + z5;
      const z4 = Math.imul(s1, -C_0_390180644) + z5;
      odd0 = z1 + z3;
      odd1 = z2 + z4;
      odd2 = Math.imul(s3, C_3_072711026) + z2 + z3;
      odd3 = Math.imul(s1, C_1_501321110) + z1 + z4;
    } else {
      const s4 = workspace[i + 4]!;
      const s5 = workspace[i + 5]!;
      const s6 = workspace[i + 6]!;
      const s7 = workspace[i + 7]!;
      const even = Math.imul(s2 + s6, C_0_541196100);
      const even2 = even - Math.imul(s6, C_1_847759065);
      const even3 = even + Math.imul(s2, C_0_765366865);
      const sum = (s0 + s4 << 13) + ROW_HALF;
      const difference = (s0 - s4 << 13) + ROW_HALF;
      t0 = sum + even3;
      t3 = sum - even3;
      t1 = difference + even2;
      t2 = difference - even2;

      const z5 = Math.imul(s7 + s3 + s5 + s1, C_1_175875602);
      const z1 = Math.imul(s7 + s1, -C_0_899976223);
      const z2 = Math.imul(s5 + s3, -C_2_562915447);
      const z3 = Math.imul(s7 + s3, -C_1_961570560) + z5;
      const z4 = Math.imul(s5 + s1, -C_0_390180644) + z5;
      odd0 = Math.imul(s7, C_0_298631336) + z1 + z3;
      odd1 = Math.imul(s5, C_2_053119869) + z2 + z4;
      odd2 = Math.imul(s3, C_3_072711026) + z2 + z3;
      odd3 = Math.imul(s1, C_1_501321110) + z1 + z4;
    }
    samples[to] = t0 + odd3 >> ROW_SHIFT;
    samples[to + 7] = t0 - odd3 >> ROW_SHIFT;
    samples[to + 1] = t1 + odd2 >> ROW_SHIFT;
    samples[to + 6] = t1 - odd2 >> ROW_SHIFT;
    samples[to + 2] = t2 + odd1 >> ROW_SHIFT;
    samples[to + 5] = t2 - odd1 >> ROW_SHIFT;
    samples[to + 3] = t3 + odd0 >> ROW_SHIFT;
    samples[to + 4] = t3 - odd0 >> ROW_SHIFT;
  }
}
