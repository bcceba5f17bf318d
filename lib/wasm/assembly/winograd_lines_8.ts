/**
 * Lines of eight values: the transforms of F(4, 5), one dimension of F(4×4, 5×5).
 *
 * They evaluate polynomials at 0, ±1/2, ±1, ±2 and ∞, of all sets of such points nearly the most
 * accurate: the largest error is some eight times that of direct summation. Powers of two round
 * nothing.
 */

import { Channels } from "./winograd_channels";

/** The points are 0, ±A, ±B, ±C and ∞. */
const A: f32 = 0.5;
const B: f32 = 1;
const C: f32 = 2;
const A2: f32 = A * A;
const B2: f32 = B * B;
const C2: f32 = C * C;
const ABC2: f32 = A2 * B2 * C2;
/** The other coefficients of (x² − A²)(x² − B²)(x² − C²), without their signs. */
const PAIRS: f32 = A2 * B2 + A2 * C2 + B2 * C2;
const SUM: f32 = A2 + B2 + C2;
/** One over the product of a point's distances from the others. */
const OVER_A: f32 = 1 / (2 * A2 * (A2 - B2) * (A2 - C2));
const OVER_B: f32 = 1 / (2 * B2 * (B2 - A2) * (B2 - C2));
const OVER_C: f32 = 1 / (2 * C2 * (C2 - A2) * (C2 - B2));

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
export class Lines8 {
  /** The sum of four values, each times a number. */
  @inline
  static sum(a: v128, r: f32, b: v128, s: f32, c: v128, t: f32, d: v128, u: f32): v128 {
    const last = Channels.madd(c, t, f32x4.mul(d, f32x4.splat(u)));
    return Channels.madd(a, r, Channels.madd(b, s, last));
  }

  /** Stores a value; where it `adds`, the sum with what is there. */
  @inline
  static put(width: i32, to: usize, low: v128, high: v128, adds: bool): void {
    if (adds) {
      low = f32x4.add(low, Channels.load(width, to));
      high = f32x4.add(high, Channels.high(width, to));
    }
    Channels.store(width, to, low, high);
  }

  /** Eight values of x to eight. */
  @inline
  static input(width: i32, from: usize, step: usize, to: usize, toStep: usize): void {
    const d0 = Channels.load(width, from), h0 = Channels.high(width, from);
    from += step;
    const d1 = Channels.load(width, from), h1 = Channels.high(width, from);
    from += step;
    const d2 = Channels.load(width, from), h2 = Channels.high(width, from);
    from += step;
    const d3 = Channels.load(width, from), h3 = Channels.high(width, from);
    from += step;
    const d4 = Channels.load(width, from), h4 = Channels.high(width, from);
    from += step;
    const d5 = Channels.load(width, from), h5 = Channels.high(width, from);
    from += step;
    const d6 = Channels.load(width, from), h6 = Channels.high(width, from);
    from += step;
    const d7 = Channels.load(width, from), h7 = Channels.high(width, from);

    Channels.store(
      width,
      to,
      Channels.madd(d0, -ABC2, Channels.madd(d2, PAIRS, Channels.madd(d4, -SUM, d6))),
      Channels.madd(h0, -ABC2, Channels.madd(h2, PAIRS, Channels.madd(h4, -SUM, h6))),
    );
    to += toStep;
    let even = Channels.madd(d2, B2 * C2, Channels.madd(d4, -B2 - C2, d6));
    let evenH = Channels.madd(h2, B2 * C2, Channels.madd(h4, -B2 - C2, h6));
    let odd = Channels.madd(d1, B2 * C2, Channels.madd(d3, -B2 - C2, d5));
    let oddH = Channels.madd(h1, B2 * C2, Channels.madd(h3, -B2 - C2, h5));
    Channels.store(width, to, Channels.madd(odd, A, even), Channels.madd(oddH, A, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -A, even), Channels.madd(oddH, -A, evenH));
    to += toStep;
    even = Channels.madd(d2, A2 * C2, Channels.madd(d4, -A2 - C2, d6));
    evenH = Channels.madd(h2, A2 * C2, Channels.madd(h4, -A2 - C2, h6));
    odd = Channels.madd(d1, A2 * C2, Channels.madd(d3, -A2 - C2, d5));
    oddH = Channels.madd(h1, A2 * C2, Channels.madd(h3, -A2 - C2, h5));
    Channels.store(width, to, Channels.madd(odd, B, even), Channels.madd(oddH, B, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -B, even), Channels.madd(oddH, -B, evenH));
    to += toStep;
    even = Channels.madd(d2, A2 * B2, Channels.madd(d4, -A2 - B2, d6));
    evenH = Channels.madd(h2, A2 * B2, Channels.madd(h4, -A2 - B2, h6));
    odd = Channels.madd(d1, A2 * B2, Channels.madd(d3, -A2 - B2, d5));
    oddH = Channels.madd(h1, A2 * B2, Channels.madd(h3, -A2 - B2, h5));
    Channels.store(width, to, Channels.madd(odd, C, even), Channels.madd(oddH, C, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -C, even), Channels.madd(oddH, -C, evenH));
    to += toStep;
    Channels.store(
      width,
      to,
      Channels.madd(d1, -ABC2, Channels.madd(d3, PAIRS, Channels.madd(d5, -SUM, d7))),
      Channels.madd(h1, -ABC2, Channels.madd(h3, PAIRS, Channels.madd(h5, -SUM, h7))),
    );
  }

  /**
   * Eight products to four values of y; where it `finishes`, the bias is added and the result is at
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
    const m0 = Channels.load(width, from), h0 = Channels.high(width, from);
    from += step;
    const m1 = Channels.load(width, from), h1 = Channels.high(width, from);
    from += step;
    const m2 = Channels.load(width, from), h2 = Channels.high(width, from);
    from += step;
    const m3 = Channels.load(width, from), h3 = Channels.high(width, from);
    from += step;
    const m4 = Channels.load(width, from), h4 = Channels.high(width, from);
    from += step;
    const m5 = Channels.load(width, from), h5 = Channels.high(width, from);
    from += step;
    const m6 = Channels.load(width, from), h6 = Channels.high(width, from);
    from += step;
    const m7 = Channels.load(width, from), h7 = Channels.high(width, from);
    const sumA = f32x4.add(m1, m2), sumAH = f32x4.add(h1, h2);
    const gapA = f32x4.sub(m1, m2), gapAH = f32x4.sub(h1, h2);
    const sumB = f32x4.add(m3, m4), sumBH = f32x4.add(h3, h4);
    const gapB = f32x4.sub(m3, m4), gapBH = f32x4.sub(h3, h4);
    const sumC = f32x4.add(m5, m6), sumCH = f32x4.add(h5, h6);
    const gapC = f32x4.sub(m5, m6), gapCH = f32x4.sub(h5, h6);
    let y0 = f32x4.add(f32x4.add(m0, sumA), f32x4.add(sumB, sumC));
    let y0H = f32x4.add(f32x4.add(h0, sumAH), f32x4.add(sumBH, sumCH));
    let y1 = Channels.madd(gapA, A, Channels.madd(gapC, C, f32x4.mul(gapB, f32x4.splat(B))));
    let y1H = Channels.madd(gapAH, A, Channels.madd(gapCH, C, f32x4.mul(gapBH, f32x4.splat(B))));
    let y2 = Channels.madd(sumA, A2, Channels.madd(sumC, C2, f32x4.mul(sumB, f32x4.splat(B2))));
    let y2H = Channels.madd(sumAH, A2, Channels.madd(sumCH, C2, f32x4.mul(sumBH, f32x4.splat(B2))));
    let y3 = Channels.madd(
      gapA,
      A * A2,
      Channels.madd(gapC, C * C2, Channels.madd(gapB, B * B2, m7)),
    );
    let y3H = Channels.madd(
      gapAH,
      A * A2,
      Channels.madd(gapCH, C * C2, Channels.madd(gapBH, B * B2, h7)),
    );
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

  /** Four values of dy to eight: the transpose of what `output` does. */
  @inline
  static gradient(width: i32, from: usize, step: usize, to: usize, toStep: usize): void {
    const y0 = Channels.load(width, from), h0 = Channels.high(width, from);
    from += step;
    const y1 = Channels.load(width, from), h1 = Channels.high(width, from);
    from += step;
    const y2 = Channels.load(width, from), h2 = Channels.high(width, from);
    from += step;
    const y3 = Channels.load(width, from), h3 = Channels.high(width, from);
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
    even = Channels.madd(y2, C2, y0), evenH = Channels.madd(h2, C2, h0);
    odd = Channels.madd(y3, C2, y1), oddH = Channels.madd(h3, C2, h1);
    Channels.store(width, to, Channels.madd(odd, C, even), Channels.madd(oddH, C, evenH));
    to += toStep;
    Channels.store(width, to, Channels.madd(odd, -C, even), Channels.madd(oddH, -C, evenH));
    to += toStep;
    Channels.store(width, to, y3, h3);
  }

  /** The transpose of `input`: eight values to eight of dx; where it `adds`, to what is there. */
  @inline
  static inputGradient(
    width: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    adds: bool,
  ): void {
    const v0 = Channels.load(width, from), h0 = Channels.high(width, from);
    from += step;
    const v1 = Channels.load(width, from), h1 = Channels.high(width, from);
    from += step;
    const v2 = Channels.load(width, from), h2 = Channels.high(width, from);
    from += step;
    const v3 = Channels.load(width, from), h3 = Channels.high(width, from);
    from += step;
    const v4 = Channels.load(width, from), h4 = Channels.high(width, from);
    from += step;
    const v5 = Channels.load(width, from), h5 = Channels.high(width, from);
    from += step;
    const v6 = Channels.load(width, from), h6 = Channels.high(width, from);
    from += step;
    const v7 = Channels.load(width, from), h7 = Channels.high(width, from);
    const sumA = f32x4.add(v1, v2), sumAH = f32x4.add(h1, h2);
    const gapA = f32x4.mul(f32x4.sub(v1, v2), f32x4.splat(A)),
      gapAH = f32x4.mul(f32x4.sub(h1, h2), f32x4.splat(A));
    const sumB = f32x4.add(v3, v4), sumBH = f32x4.add(h3, h4);
    const gapB = f32x4.mul(f32x4.sub(v3, v4), f32x4.splat(B)),
      gapBH = f32x4.mul(f32x4.sub(h3, h4), f32x4.splat(B));
    const sumC = f32x4.add(v5, v6), sumCH = f32x4.add(h5, h6);
    const gapC = f32x4.mul(f32x4.sub(v5, v6), f32x4.splat(C)),
      gapCH = f32x4.mul(f32x4.sub(h5, h6), f32x4.splat(C));
    let x = f32x4.mul(v0, f32x4.splat(-ABC2));
    let xH = f32x4.mul(h0, f32x4.splat(-ABC2));
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    x = Lines8.sum(gapA, B2 * C2, gapB, A2 * C2, gapC, A2 * B2, v7, -ABC2);
    xH = Lines8.sum(gapAH, B2 * C2, gapBH, A2 * C2, gapCH, A2 * B2, h7, -ABC2);
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    x = Lines8.sum(sumA, B2 * C2, sumB, A2 * C2, sumC, A2 * B2, v0, PAIRS);
    xH = Lines8.sum(sumAH, B2 * C2, sumBH, A2 * C2, sumCH, A2 * B2, h0, PAIRS);
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    x = Lines8.sum(gapA, -B2 - C2, gapB, -A2 - C2, gapC, -A2 - B2, v7, PAIRS);
    xH = Lines8.sum(gapAH, -B2 - C2, gapBH, -A2 - C2, gapCH, -A2 - B2, h7, PAIRS);
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    x = Lines8.sum(sumA, -B2 - C2, sumB, -A2 - C2, sumC, -A2 - B2, v0, -SUM);
    xH = Lines8.sum(sumAH, -B2 - C2, sumBH, -A2 - C2, sumCH, -A2 - B2, h0, -SUM);
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    x = Channels.madd(v7, -SUM, f32x4.add(f32x4.add(gapA, gapB), gapC));
    xH = Channels.madd(h7, -SUM, f32x4.add(f32x4.add(gapAH, gapBH), gapCH));
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    x = f32x4.add(f32x4.add(v0, sumA), f32x4.add(sumB, sumC));
    xH = f32x4.add(f32x4.add(h0, sumAH), f32x4.add(sumBH, sumCH));
    Lines8.put(width, to, x, xH, adds);
    to += toStep;
    Lines8.put(width, to, v7, h7, adds);
  }

  /** Five values of a filter, of four channels, to eight: the polynomials over their norms. */
  @inline
  static filter(from: usize, step: usize, to: usize, toStep: usize): void {
    const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
    const g3 = v128.load(from + 3 * step), g4 = v128.load(from + 4 * step);
    const evenA = f32x4.mul(Channels.madd(Channels.madd(g4, A2, g2), A2, g0), f32x4.splat(OVER_A));
    const oddA = f32x4.mul(Channels.madd(g3, A2, g1), f32x4.splat(A * OVER_A));
    const evenB = f32x4.mul(Channels.madd(Channels.madd(g4, B2, g2), B2, g0), f32x4.splat(OVER_B));
    const oddB = f32x4.mul(Channels.madd(g3, B2, g1), f32x4.splat(B * OVER_B));
    const evenC = f32x4.mul(Channels.madd(Channels.madd(g4, C2, g2), C2, g0), f32x4.splat(OVER_C));
    const oddC = f32x4.mul(Channels.madd(g3, C2, g1), f32x4.splat(C * OVER_C));
    v128.store(to, f32x4.mul(g0, f32x4.splat(-1 / ABC2)));
    v128.store(to + toStep, f32x4.add(evenA, oddA));
    v128.store(to + 2 * toStep, f32x4.sub(evenA, oddA));
    v128.store(to + 3 * toStep, f32x4.add(evenB, oddB));
    v128.store(to + 4 * toStep, f32x4.sub(evenB, oddB));
    v128.store(to + 5 * toStep, f32x4.add(evenC, oddC));
    v128.store(to + 6 * toStep, f32x4.sub(evenC, oddC));
    v128.store(to + 7 * toStep, g4);
  }

  /**
   * The transpose of `filter`: eight values of a filter's gradient to five; where it `adds`, to what
   * is there. Not for eight channels.
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
    const u0 = Channels.load(width, from), u7 = Channels.load(width, from + 7 * step);
    const a = Channels.load(width, from + step), minusA = Channels.load(width, from + 2 * step);
    const b = Channels.load(width, from + 3 * step), minusB = Channels.load(width, from + 4 * step);
    const c = Channels.load(width, from + 5 * step), minusC = Channels.load(width, from + 6 * step);
    const overA = f32x4.splat(OVER_A), overB = f32x4.splat(OVER_B), overC = f32x4.splat(OVER_C);
    const evenA = f32x4.mul(f32x4.add(a, minusA), overA);
    const oddA = f32x4.mul(f32x4.sub(a, minusA), overA);
    const evenB = f32x4.mul(f32x4.add(b, minusB), overB);
    const oddB = f32x4.mul(f32x4.sub(b, minusB), overB);
    const evenC = f32x4.mul(f32x4.add(c, minusC), overC);
    const oddC = f32x4.mul(f32x4.sub(c, minusC), overC);
    let g0 = Channels.madd(u0, -1 / ABC2, f32x4.add(f32x4.add(evenA, evenB), evenC));
    let g1 = Channels.madd(oddA, A, Channels.madd(oddC, C, f32x4.mul(oddB, f32x4.splat(B))));
    let g2 = Channels.madd(evenA, A2, Channels.madd(evenC, C2, f32x4.mul(evenB, f32x4.splat(B2))));
    let g3 = Channels.madd(
      oddA,
      A * A2,
      Channels.madd(oddC, C * C2, f32x4.mul(oddB, f32x4.splat(B * B2))),
    );
    let g4 = Channels.madd(
      evenA,
      A2 * A2,
      Channels.madd(evenC, C2 * C2, Channels.madd(evenB, B2 * B2, u7)),
    );
    if (adds) {
      g0 = f32x4.add(g0, Channels.load(width, to + 0 * toStep));
      g1 = f32x4.add(g1, Channels.load(width, to + 1 * toStep));
      g2 = f32x4.add(g2, Channels.load(width, to + 2 * toStep));
      g3 = f32x4.add(g3, Channels.load(width, to + 3 * toStep));
      g4 = f32x4.add(g4, Channels.load(width, to + 4 * toStep));
    }
    Channels.store(width, to + 0 * toStep, g0, g0);
    Channels.store(width, to + 1 * toStep, g1, g1);
    Channels.store(width, to + 2 * toStep, g2, g2);
    Channels.store(width, to + 3 * toStep, g3, g3);
    Channels.store(width, to + 4 * toStep, g4, g4);
  }
}
