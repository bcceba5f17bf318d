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

/** Bytes of a value between the two passes over a tile. */
export const LINE_STEP: i32 = 32;
/** Values along a side of the transformed tile. */
const SIDE: i32 = 6;

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

  /** Three values of a filter, one channel each, to six: the same polynomials over their norms. */
  static filterLine(from: usize, step: usize, to: usize, toStep: usize): void {
    const g0 = load<f32>(from), g1 = load<f32>(from + step), g2 = load<f32>(from + 2 * step);
    const evenA = (g0 + A2 * g2) / (2 * A2 * (A2 - B2)), oddA = A * g1 / (2 * A2 * (A2 - B2));
    const evenB = (g0 + B2 * g2) / (2 * B2 * (B2 - A2)), oddB = B * g1 / (2 * B2 * (B2 - A2));
    store<f32>(to, g0 / (A2 * B2));
    store<f32>(to + toStep, evenA + oddA);
    store<f32>(to + 2 * toStep, evenA - oddA);
    store<f32>(to + 3 * toStep, evenB + oddB);
    store<f32>(to + 4 * toStep, evenB - oddB);
    store<f32>(to + 5 * toStep, g2);
  }
}
