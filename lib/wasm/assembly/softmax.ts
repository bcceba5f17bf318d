/** Softmax, and the gradient of the cross-entropy behind it. */

/**
 * eˣ of four values that are 0 or less, to 2 units in the last place: x = n·ln 2 + r, eˣ = 2ⁿ·eʳ,
 * and eʳ by Cephes' polynomial for |r| ≤ ½ ln 2. What would be subnormal is 0.
 */
function expNegative(x: v128): v128 {
  // Below this 2ⁿ has no exponent, −∞ least of all. A NaN remains one.
  const least = f32x4.splat(-87.3);
  const bounded = f32x4.max(x, least);
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.44269504)));
  // ln 2 in two parts, the first of so few bits that n times it is exact.
  const rest = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  const r = f32x4.add(rest, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  const exponent = i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127));
  return v128.andnot(f32x4.mul(p, i32x4.shl(exponent, 23)), f32x4.lt(x, least));
}

/**
 * y = softmax of each row of `(rows, columns)`; columns from 1. y may be x.
 */
export function softmax(x: usize, rows: i32, columns: i32, y: usize): void {
  const pitch = <usize> columns << 2;
  for (let row = 0; row < rows; row++) {
    softmaxRow(x, columns, y);
    x += pitch;
    y += pitch;
  }
}

/** y = softmax of one row; answers ln Σ eˣ. */
function softmaxRow(x: usize, columns: i32, y: usize): f64 {
  const largest = maximum(x, columns);
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  let j = 0;
  let at: usize = 0;
  for (; j + 4 <= columns; j += 4) {
    const power = expNegative(f32x4.sub(v128.load(x + at), shift));
    v128.store(y + at, power);
    sums = f32x4.add(sums, power);
    at += 16;
  }
  let sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  for (; j < columns; j++) {
    const shifted = f32x4.splat(load<f32>(x + at) - largest);
    const power = f32x4.extract_lane(expNegative(shifted), 0);
    store<f32>(y + at, power);
    sum += power;
    at += 4;
  }
  divide(y, columns, sum);
  return <f64> largest + ln(<f64> sum);
}

/**
 * ln x of a positive, normal number: x = 2ᵉ·m with m next to 1, and ln m = 2·artanh t by its series
 * for t = (m − 1) / (m + 1), which is below 0.172; to 1e-14. NaN and ∞ remain.
 */
function ln(x: f64): f64 {
  if (!isFinite(x)) return x;
  const bits = reinterpret<u64>(x);
  let exponent = <i32> (bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent++;
  }
  const t = (m - 1) / (m + 1);
  const square = t * t;
  let series: f64 = 0;
  for (let term: f64 = 17; term > 0; term -= 2) series = series * square + 1 / term;
  return <f64> exponent * 0.6931471805599453 + 2 * t * series;
}

/**
 * The cross-entropy of each row to a distribution: −Σ labels · ln softmax(logits).
 *
 * @param logits `(rows, classes)`.
 * @param labels Shape of the logits.
 * @param losses `(rows)`, overwritten.
 * @param scratch Room for a row.
 */
export function softmaxCrossEntropy(
  logits: usize,
  labels: usize,
  rows: i32,
  classes: i32,
  losses: usize,
  scratch: usize,
): void {
  const pitch = <usize> classes << 2;
  for (let row = 0; row < rows; row++) {
    const logSum = softmaxRow(logits, classes, scratch);
    let loss: f64 = 0;
    for (let at: usize = 0; at < pitch; at += 4) {
      const label = <f64> load<f32>(labels + at);
      // A class that cannot be, with a logit of −∞, costs nothing where it is not.
      if (label != 0) loss += label * (logSum - <f64> load<f32>(logits + at));
    }
    store<f32>(losses, <f32> loss);
    logits += pitch;
    labels += pitch;
    losses += 4;
  }
}

/** The largest of n values; NaN where there is one. */
function maximum(x: usize, n: i32): f32 {
  let largest = load<f32>(x);
  let i = 0;
  if (n >= 4) {
    let lanes = v128.load(x);
    for (; i + 4 <= n; i += 4) {
      lanes = f32x4.max(lanes, v128.load(x));
      x += 16;
    }
    largest = max(
      max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
      max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
    );
  }
  for (; i < n; i++) {
    largest = max(largest, load<f32>(x));
    x += 4;
  }
  return largest;
}

/** y /= divisor, n values. */
function divide(y: usize, n: i32, divisor: f32): void {
  const divisors = f32x4.splat(divisor);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(y, f32x4.div(v128.load(y), divisors));
    y += 16;
  }
  for (; i < n; i++) {
    store<f32>(y, load<f32>(y) / divisor);
    y += 4;
  }
}

/** Keeps the logarithm of a probability finite: tfjs's own constant. */
const EPSILON: f32 = 1e-7;

/**
 * Gradient of the loss `−gain · ln(p + 1e-7)` to the logits, exact, with p the probability that the
 * softmax of a row gives to its label: (softmax − one-hot) · gain · p / (p + 1e-7).
 *
 * @param logits `(rows, classes)`.
 * @param labels u8, one a row, below `classes`.
 * @param probabilities p of each row, overwritten.
 * @param dLogits Shape of the logits, overwritten; may be the logits.
 */
export function softmaxCrossEntropyGradient(
  logits: usize,
  labels: usize,
  rows: i32,
  classes: i32,
  gain: f32,
  probabilities: usize,
  dLogits: usize,
): void {
  const pitch = <usize> classes << 2;
  for (let row = 0; row < rows; row++) {
    softmaxRow(logits, classes, dLogits);
    const ofLabel = dLogits + (<usize> load<u8>(labels) << 2);
    const p = load<f32>(ofLabel);
    store<f32>(probabilities, p);
    store<f32>(ofLabel, p - 1);
    const factor = p / (p + EPSILON) * gain;
    for (let at = dLogits; at < dLogits + pitch; at += 4) store<f32>(at, load<f32>(at) * factor);
    logits += pitch;
    labels++;
    probabilities += 4;
    dLogits += pitch;
  }
}
