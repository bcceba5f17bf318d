/**
 * Lines of six values: the transforms of F(4, 3), one dimension of F(4×4, 3×3).
 *
 * They evaluate polynomials at 0, ±3/4, ±3/2 and ∞. Their coefficients are exact in binary, and the
 * largest error is a quarter of that of the usual points 0, ±1, ±2, ∞: about twice that of direct
 * summation, below 1e-6 of the largest sum of magnitudes that a window of the tile's pixels has.
 */

import { Channels } from "./winograd_channels";

/** The points are 0, ±A, ±B and ∞. */
const A: f32 = 0.75;
const B: f32 = 1.5;
const A2: f32 = A * A;
const B2: f32 = B * B;
/** One over the product of a point's distances from the others. */
const OVER_A: f32 = 1 / (2 * A2 * (A2 - B2));
const OVER_B: f32 = 1 / (2 * B2 * (B2 - A2));

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
export class Lines6 {
  /** Six values of x to six. */
  @inline
  static input(width: i32, from: usize, step: usize, to: usize, toStep: usize): void {
    const d0 = Channels.load(width, from);
    const h0 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d1 = Channels.load(width, from);
    const h1 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d2 = Channels.load(width, from);
    const h2 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d3 = Channels.load(width, from);
    const h3 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d4 = Channels.load(width, from);
    const h4 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d5 = Channels.load(width, from);
    const h5 = width == 8 ? v128.load(from, 16) : d0;

    Channels.store(
      width,
      to,
      Channels.madd(d0, A2 * B2, Channels.madd(d2, -A2 - B2, d4)),
      Channels.madd(h0, A2 * B2, Channels.madd(h2, -A2 - B2, h4)),
    );
    to += toStep;
    let even = Channels.madd(d2, -B2, d4), evenH = Channels.madd(h2, -B2, h4);
    let odd = Channels.madd(d1, -B2, d3), oddH = Channels.madd(h1, -B2, h3);
    Channels.store(width, to, Channels.madd(odd, A, even), Channels.madd(oddH, A, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -A, even), Channels.madd(oddH, -A, evenH));
    to += toStep;
    even = Channels.madd(d2, -A2, d4), evenH = Channels.madd(h2, -A2, h4);
    odd = Channels.madd(d1, -A2, d3), oddH = Channels.madd(h1, -A2, h3);
    Channels.store(width, to, Channels.madd(odd, B, even), Channels.madd(oddH, B, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -B, even), Channels.madd(oddH, -B, evenH));
    to += toStep;
    Channels.store(
      width,
      to,
      Channels.madd(d1, A2 * B2, Channels.madd(d3, -A2 - B2, d5)),
      Channels.madd(h1, A2 * B2, Channels.madd(h3, -A2 - B2, h5)),
    );
  }

  /**
   * Six products to four values of y; where it `finishes`, the bias is added and the result is at
   * least `floor`.
   */
  @inline
  static output(
    width: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    finishes: bool,
    bias: v128,
    biasH: v128,
    floor: v128,
  ): void {
    const m0 = Channels.load(width, from);
    const h0 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m1 = Channels.load(width, from);
    const h1 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m2 = Channels.load(width, from);
    const h2 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m3 = Channels.load(width, from);
    const h3 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m4 = Channels.load(width, from);
    const h4 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m5 = Channels.load(width, from);
    const h5 = width == 8 ? v128.load(from, 16) : m0;

    const sumA = f32x4.add(m1, m2), sumAH = f32x4.add(h1, h2);
    const sumB = f32x4.add(m3, m4), sumBH = f32x4.add(h3, h4);
    const gapA = f32x4.sub(m1, m2), gapAH = f32x4.sub(h1, h2);
    const gapB = f32x4.sub(m3, m4), gapBH = f32x4.sub(h3, h4);
    let y0 = f32x4.add(f32x4.add(m0, sumA), sumB);
    let y0H = f32x4.add(f32x4.add(h0, sumAH), sumBH);
    let y1 = Channels.madd(gapA, A, f32x4.mul(gapB, f32x4.splat(B)));
    let y1H = Channels.madd(gapAH, A, f32x4.mul(gapBH, f32x4.splat(B)));
    let y2 = Channels.madd(sumA, A2, f32x4.mul(sumB, f32x4.splat(B2)));
    let y2H = Channels.madd(sumAH, A2, f32x4.mul(sumBH, f32x4.splat(B2)));
    let y3 = Channels.madd(gapA, A * A2, Channels.madd(gapB, B * B2, m5));
    let y3H = Channels.madd(gapAH, A * A2, Channels.madd(gapBH, B * B2, h5));
    if (finishes) {
      y0 = f32x4.pmax(f32x4.add(y0, bias), floor), y0H = f32x4.pmax(f32x4.add(y0H, biasH), floor);
      y1 = f32x4.pmax(f32x4.add(y1, bias), floor), y1H = f32x4.pmax(f32x4.add(y1H, biasH), floor);
      y2 = f32x4.pmax(f32x4.add(y2, bias), floor), y2H = f32x4.pmax(f32x4.add(y2H, biasH), floor);
      y3 = f32x4.pmax(f32x4.add(y3, bias), floor), y3H = f32x4.pmax(f32x4.add(y3H, biasH), floor);
    }
    Channels.store(width, to, y0, y0H);
    to += toStep;
    Channels.store(width, to, y1, y1H);
    to += toStep;
    Channels.store(width, to, y2, y2H);
    to += toStep;
    Channels.store(width, to, y3, y3H);
  }

  /** Four values of dy to six: the transpose of what `output` does. */
  @inline
  static gradient(width: i32, from: usize, step: usize, to: usize, toStep: usize): void {
    const y0 = Channels.load(width, from);
    const h0 = width == 8 ? v128.load(from, 16) : y0;
    from += step;
    const y1 = Channels.load(width, from);
    const h1 = width == 8 ? v128.load(from, 16) : y0;
    from += step;
    const y2 = Channels.load(width, from);
    const h2 = width == 8 ? v128.load(from, 16) : y0;
    from += step;
    const y3 = Channels.load(width, from);
    const h3 = width == 8 ? v128.load(from, 16) : y0;

    Channels.store(width, to, y0, h0);
    to += toStep;
    let even = Channels.madd(y2, A2, y0), evenH = Channels.madd(h2, A2, h0);
    let odd = Channels.madd(y3, A2, y1), oddH = Channels.madd(h3, A2, h1);
    Channels.store(width, to, Channels.madd(odd, A, even), Channels.madd(oddH, A, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -A, even), Channels.madd(oddH, -A, evenH));
    to += toStep;
    even = Channels.madd(y2, B2, y0), evenH = Channels.madd(h2, B2, h0);
    odd = Channels.madd(y3, B2, y1), oddH = Channels.madd(h3, B2, h1);
    Channels.store(width, to, Channels.madd(odd, B, even), Channels.madd(oddH, B, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -B, even), Channels.madd(oddH, -B, evenH));
    to += toStep;
    Channels.store(width, to, y3, h3);
  }

  /** Three values of a filter, of four channels, to six: the polynomials over their norms. */
  @inline
  static filter(from: usize, step: usize, to: usize, toStep: usize): void {
    const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
    const evenA = f32x4.mul(Channels.madd(g2, A2, g0), f32x4.splat(OVER_A));
    const oddA = f32x4.mul(g1, f32x4.splat(A * OVER_A));
    const evenB = f32x4.mul(Channels.madd(g2, B2, g0), f32x4.splat(OVER_B));
    const oddB = f32x4.mul(g1, f32x4.splat(B * OVER_B));
    v128.store(to, f32x4.mul(g0, f32x4.splat(1 / (A2 * B2))));
    v128.store(to + toStep, f32x4.add(evenA, oddA));
    v128.store(to + 2 * toStep, f32x4.sub(evenA, oddA));
    v128.store(to + 3 * toStep, f32x4.add(evenB, oddB));
    v128.store(to + 4 * toStep, f32x4.sub(evenB, oddB));
    v128.store(to + 5 * toStep, g2);
  }

  /**
   * The transpose of `filter`: six values of a filter's gradient to three; where it `adds`, to
   * what is there. Not for eight channels.
   */
  @inline
  static filterGradient(
    width: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    adds: bool,
  ): void {
    const u0 = Channels.load(width, from);
    const a = Channels.load(width, from + step), minusA = Channels.load(width, from + 2 * step);
    const b = Channels.load(width, from + 3 * step);
    const minusB = Channels.load(width, from + 4 * step);
    const u5 = Channels.load(width, from + 5 * step);
    const overA = f32x4.splat(OVER_A), overB = f32x4.splat(OVER_B);
    const evenA = f32x4.mul(f32x4.add(a, minusA), overA);
    const oddA = f32x4.mul(f32x4.sub(a, minusA), overA);
    const evenB = f32x4.mul(f32x4.add(b, minusB), overB);
    const oddB = f32x4.mul(f32x4.sub(b, minusB), overB);
    let g0 = Channels.madd(u0, 1 / (A2 * B2), f32x4.add(evenA, evenB));
    let g1 = Channels.madd(oddA, A, f32x4.mul(oddB, f32x4.splat(B)));
    let g2 = Channels.madd(evenA, A2, Channels.madd(evenB, B2, u5));
    if (adds) {
      g0 = f32x4.add(g0, Channels.load(width, to));
      g1 = f32x4.add(g1, Channels.load(width, to + toStep));
      g2 = f32x4.add(g2, Channels.load(width, to + 2 * toStep));
    }
    Channels.store(width, to, g0, g0);
    Channels.store(width, to + toStep, g1, g1);
    Channels.store(width, to + 2 * toStep, g2, g2);
  }
}
