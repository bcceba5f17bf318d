/**
 * The transforms of `winograd.ts`: of one line of values, and of whole tiles by their columns and
 * then their rows.
 *
 * Values lie `step` bytes apart, each of `width` channels: 8, 4 or 1, a constant at each call, so
 * that inlining compiles away what it excludes. The two vectors of eight channels are loaded and
 * stored side by side, so that revectorization can make one of them.
 */

/** The points are 0, ±A, ±B and ∞. */
const A: f32 = 0.75;
const B: f32 = 1.5;
const A2: f32 = A * A;
const B2: f32 = B * B;
/** One over the product of a point's distances from the others. */
const OVER_A: f32 = 1 / (2 * A2 * (A2 - B2));
const OVER_B: f32 = 1 / (2 * B2 * (B2 - A2));

/** Bytes of a value between the two passes over a tile. */
export const LINE_STEP: i32 = 32;
/** Values along a side of the transformed tile. */
export const SIDE: i32 = 6;

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
export class Transform {
  /** One value, or its first four channels. */
  @inline
  static load(width: i32, at: usize): v128 {
    return width == 1 ? v128.load32_zero(at) : v128.load(at);
  }

  /** Stores a value: the second vector only of eight channels. */
  @inline
  static store(width: i32, at: usize, low: v128, high: v128): void {
    if (width == 1) {
      v128.store_lane<f32>(at, low, 0);
    } else {
      v128.store(at, low);
      if (width == 8) v128.store(at, high, 16);
    }
  }

  /** a·s + b */
  @inline
  static madd(a: v128, s: f32, b: v128): v128 {
    return f32x4.relaxed_madd(a, f32x4.splat(s), b);
  }

  /** Six values of x to six. */
  @inline
  static inputLine(width: i32, from: usize, step: usize, to: usize, toStep: usize): void {
    const d0 = Transform.load(width, from);
    const h0 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d1 = Transform.load(width, from);
    const h1 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d2 = Transform.load(width, from);
    const h2 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d3 = Transform.load(width, from);
    const h3 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d4 = Transform.load(width, from);
    const h4 = width == 8 ? v128.load(from, 16) : d0;
    from += step;
    const d5 = Transform.load(width, from);
    const h5 = width == 8 ? v128.load(from, 16) : d0;

    Transform.store(
      width,
      to,
      Transform.madd(d0, A2 * B2, Transform.madd(d2, -A2 - B2, d4)),
      Transform.madd(h0, A2 * B2, Transform.madd(h2, -A2 - B2, h4)),
    );
    to += toStep;
    let even = Transform.madd(d2, -B2, d4), evenH = Transform.madd(h2, -B2, h4);
    let odd = Transform.madd(d1, -B2, d3), oddH = Transform.madd(h1, -B2, h3);
    Transform.store(width, to, Transform.madd(odd, A, even), Transform.madd(oddH, A, evenH));
    to += toStep;
    Transform.store(width, to, Transform.madd(odd, -A, even), Transform.madd(oddH, -A, evenH));
    to += toStep;
    even = Transform.madd(d2, -A2, d4), evenH = Transform.madd(h2, -A2, h4);
    odd = Transform.madd(d1, -A2, d3), oddH = Transform.madd(h1, -A2, h3);
    Transform.store(width, to, Transform.madd(odd, B, even), Transform.madd(oddH, B, evenH));
    to += toStep;
    Transform.store(width, to, Transform.madd(odd, -B, even), Transform.madd(oddH, -B, evenH));
    to += toStep;
    Transform.store(
      width,
      to,
      Transform.madd(d1, A2 * B2, Transform.madd(d3, -A2 - B2, d5)),
      Transform.madd(h1, A2 * B2, Transform.madd(h3, -A2 - B2, h5)),
    );
  }

  /**
   * Six products to four values of y; where it `finishes`, the bias is added and the result is at
   * least `floor`.
   */
  @inline
  static outputLine(
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
    const m0 = Transform.load(width, from);
    const h0 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m1 = Transform.load(width, from);
    const h1 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m2 = Transform.load(width, from);
    const h2 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m3 = Transform.load(width, from);
    const h3 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m4 = Transform.load(width, from);
    const h4 = width == 8 ? v128.load(from, 16) : m0;
    from += step;
    const m5 = Transform.load(width, from);
    const h5 = width == 8 ? v128.load(from, 16) : m0;

    const sumA = f32x4.add(m1, m2), sumAH = f32x4.add(h1, h2);
    const sumB = f32x4.add(m3, m4), sumBH = f32x4.add(h3, h4);
    const gapA = f32x4.sub(m1, m2), gapAH = f32x4.sub(h1, h2);
    const gapB = f32x4.sub(m3, m4), gapBH = f32x4.sub(h3, h4);
    let y0 = f32x4.add(f32x4.add(m0, sumA), sumB);
    let y0H = f32x4.add(f32x4.add(h0, sumAH), sumBH);
    let y1 = Transform.madd(gapA, A, f32x4.mul(gapB, f32x4.splat(B)));
    let y1H = Transform.madd(gapAH, A, f32x4.mul(gapBH, f32x4.splat(B)));
    let y2 = Transform.madd(sumA, A2, f32x4.mul(sumB, f32x4.splat(B2)));
    let y2H = Transform.madd(sumAH, A2, f32x4.mul(sumBH, f32x4.splat(B2)));
    let y3 = Transform.madd(gapA, A * A2, Transform.madd(gapB, B * B2, m5));
    let y3H = Transform.madd(gapAH, A * A2, Transform.madd(gapBH, B * B2, h5));
    if (finishes) {
      y0 = f32x4.pmax(f32x4.add(y0, bias), floor), y0H = f32x4.pmax(f32x4.add(y0H, biasH), floor);
      y1 = f32x4.pmax(f32x4.add(y1, bias), floor), y1H = f32x4.pmax(f32x4.add(y1H, biasH), floor);
      y2 = f32x4.pmax(f32x4.add(y2, bias), floor), y2H = f32x4.pmax(f32x4.add(y2H, biasH), floor);
      y3 = f32x4.pmax(f32x4.add(y3, bias), floor), y3H = f32x4.pmax(f32x4.add(y3H, biasH), floor);
    }
    Transform.store(width, to, y0, y0H);
    to += toStep;
    Transform.store(width, to, y1, y1H);
    to += toStep;
    Transform.store(width, to, y2, y2H);
    to += toStep;
    Transform.store(width, to, y3, y3H);
  }

  /** Four values of dy to six: the transpose of what `outputLine` does. */
  @inline
  static gradientLine(width: i32, from: usize, step: usize, to: usize, toStep: usize): void {
    const y0 = Transform.load(width, from);
    const h0 = width == 8 ? v128.load(from, 16) : y0;
    from += step;
    const y1 = Transform.load(width, from);
    const h1 = width == 8 ? v128.load(from, 16) : y0;
    from += step;
    const y2 = Transform.load(width, from);
    const h2 = width == 8 ? v128.load(from, 16) : y0;
    from += step;
    const y3 = Transform.load(width, from);
    const h3 = width == 8 ? v128.load(from, 16) : y0;

    Transform.store(width, to, y0, h0);
    to += toStep;
    let even = Transform.madd(y2, A2, y0), evenH = Transform.madd(h2, A2, h0);
    let odd = Transform.madd(y3, A2, y1), oddH = Transform.madd(h3, A2, h1);
    Transform.store(width, to, Transform.madd(odd, A, even), Transform.madd(oddH, A, evenH));
    to += toStep;
    Transform.store(width, to, Transform.madd(odd, -A, even), Transform.madd(oddH, -A, evenH));
    to += toStep;
    even = Transform.madd(y2, B2, y0), evenH = Transform.madd(h2, B2, h0);
    odd = Transform.madd(y3, B2, y1), oddH = Transform.madd(h3, B2, h1);
    Transform.store(width, to, Transform.madd(odd, B, even), Transform.madd(oddH, B, evenH));
    to += toStep;
    Transform.store(width, to, Transform.madd(odd, -B, even), Transform.madd(oddH, -B, evenH));
    to += toStep;
    Transform.store(width, to, y3, h3);
  }

  /** 4×4 pixels of dy, rows `pitch` apart, to 36 values, `plane` apart. */
  @inline
  static gradientTile(
    width: i32,
    from: usize,
    pitch: usize,
    pixel: usize,
    lines: usize,
    to: usize,
    plane: usize,
  ): void {
    const row = SIDE * LINE_STEP;
    for (let x = 0; x < SIDE - 2; x++) {
      Transform.gradientLine(width, from, pitch, lines, row);
      from += pixel;
      lines += LINE_STEP;
    }
    lines -= (SIDE - 2) * LINE_STEP;
    for (let y = 0; y < SIDE; y++) {
      Transform.gradientLine(width, lines, LINE_STEP, to, plane);
      lines += row;
      to += plane * SIDE;
    }
  }

  /** 6×6 pixels, rows `pitch` apart, to 36 values, `plane` apart. */
  @inline
  static inputTile(
    width: i32,
    from: usize,
    pitch: usize,
    pixel: usize,
    lines: usize,
    to: usize,
    plane: usize,
  ): void {
    const row = SIDE * LINE_STEP;
    for (let x = 0; x < SIDE; x++) {
      Transform.inputLine(width, from, pitch, lines, row);
      from += pixel;
      lines += LINE_STEP;
    }
    lines -= row;
    for (let y = 0; y < SIDE; y++) {
      Transform.inputLine(width, lines, LINE_STEP, to, plane);
      lines += row;
      to += plane * SIDE;
    }
  }

  /** 36 values, `plane` apart, to 4×4 pixels, rows `pitch` apart. */
  @inline
  static outputTile(
    width: i32,
    from: usize,
    plane: usize,
    lines: usize,
    to: usize,
    pitch: usize,
    pixel: usize,
    bias: usize,
    floor: v128,
  ): void {
    const row = SIDE * LINE_STEP;
    const none = f32x4.splat(0);
    for (let x = 0; x < SIDE; x++) {
      Transform.outputLine(
        width,
        from,
        plane * SIDE,
        lines,
        row,
        false,
        none,
        none,
        none,
      );
      from += plane;
      lines += LINE_STEP;
    }
    lines -= row;
    const biases = bias != 0 ? Transform.load(width, bias) : none;
    const biasesH = bias != 0 && width == 8 ? v128.load(bias, 16) : none;
    for (let y = 0; y < SIDE - 2; y++) {
      Transform.outputLine(width, lines, LINE_STEP, to, pixel, true, biases, biasesH, floor);
      lines += row;
      to += pitch;
    }
  }

  /** Three values of a filter, of four channels, to six: the polynomials over their norms. */
  @inline
  static filterLine(from: usize, step: usize, to: usize, toStep: usize): void {
    const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
    const evenA = f32x4.mul(Transform.madd(g2, A2, g0), f32x4.splat(OVER_A));
    const oddA = f32x4.mul(g1, f32x4.splat(A * OVER_A));
    const evenB = f32x4.mul(Transform.madd(g2, B2, g0), f32x4.splat(OVER_B));
    const oddB = f32x4.mul(g1, f32x4.splat(B * OVER_B));
    v128.store(to, f32x4.mul(g0, f32x4.splat(1 / (A2 * B2))));
    v128.store(to + toStep, f32x4.add(evenA, oddA));
    v128.store(to + 2 * toStep, f32x4.sub(evenA, oddA));
    v128.store(to + 3 * toStep, f32x4.add(evenB, oddB));
    v128.store(to + 4 * toStep, f32x4.sub(evenB, oddB));
    v128.store(to + 5 * toStep, g2);
  }

  /** A filter's nine values at `[y][x]` of 6×6 places, `plane` apart, to 36, in place. */
  @inline
  static filterTile(at: usize, plane: usize): void {
    const row = plane * SIDE;
    for (let x: usize = 0; x < 3; x++) {
      Transform.filterLine(at + x * plane, row, at + x * plane, row);
    }
    for (let y = 0; y < SIDE; y++) {
      Transform.filterLine(at, plane, at, plane);
      at += row;
    }
  }

  /**
   * The transpose of `filterLine`: six values of a filter's gradient to three; where it `adds`, to
   * what is there. Not for eight channels.
   */
  @inline
  static filterGradientLine(
    width: i32,
    from: usize,
    step: usize,
    to: usize,
    toStep: usize,
    adds: bool,
  ): void {
    const u0 = Transform.load(width, from);
    const a = Transform.load(width, from + step), minusA = Transform.load(width, from + 2 * step);
    const b = Transform.load(width, from + 3 * step);
    const minusB = Transform.load(width, from + 4 * step);
    const u5 = Transform.load(width, from + 5 * step);
    const overA = f32x4.splat(OVER_A), overB = f32x4.splat(OVER_B);
    const evenA = f32x4.mul(f32x4.add(a, minusA), overA);
    const oddA = f32x4.mul(f32x4.sub(a, minusA), overA);
    const evenB = f32x4.mul(f32x4.add(b, minusB), overB);
    const oddB = f32x4.mul(f32x4.sub(b, minusB), overB);
    let g0 = Transform.madd(u0, 1 / (A2 * B2), f32x4.add(evenA, evenB));
    let g1 = Transform.madd(oddA, A, f32x4.mul(oddB, f32x4.splat(B)));
    let g2 = Transform.madd(evenA, A2, Transform.madd(evenB, B2, u5));
    if (adds) {
      g0 = f32x4.add(g0, Transform.load(width, to));
      g1 = f32x4.add(g1, Transform.load(width, to + toStep));
      g2 = f32x4.add(g2, Transform.load(width, to + 2 * toStep));
    }
    Transform.store(width, to, g0, g0);
    Transform.store(width, to + toStep, g1, g1);
    Transform.store(width, to + 2 * toStep, g2, g2);
  }

  /** 36 values, `plane` apart, are added to the filter's nine, `tap` apart. */
  @inline
  static addFilterGradient(
    width: i32,
    from: usize,
    plane: usize,
    lines: usize,
    to: usize,
    tap: usize,
  ): void {
    const row = SIDE * LINE_STEP;
    for (let x = 0; x < SIDE; x++) {
      Transform.filterGradientLine(width, from, plane * SIDE, lines, row, false);
      from += plane;
      lines += LINE_STEP;
    }
    lines -= row;
    for (let y = 0; y < SIDE - 3; y++) {
      Transform.filterGradientLine(width, lines, LINE_STEP, to, tap, true);
      lines += row;
      to += 3 * tap;
    }
  }
}
