/**
 * Batch normalisation, second part: what is done to each value, forward and back. The coefficients
 * of each channel are those of `batch_norm_statistics.ts`: scale, shift, mean, inverse, lost.
 */

/** Rows whose sums are taken in single precision before they join those in double precision. */
const ROWS_AT_ONCE: i32 = 128;

/**
 * y = (x − mean) · scale + shift (+ residual), clamped at zero from below where `relu` is not 0. The
 * mean is no part of the shift: x · scale has no digits left for deviations that are small beside it.
 *
 * @param x `(rows, channels)`.
 * @param coefficients `(5, channels)`; the first three are used.
 * @param residual Shape of x, or 0 for none.
 * @param y Shape of x; may be x or the residual.
 */
export function batchNormApply(
  x: usize,
  rows: i32,
  channels: i32,
  coefficients: usize,
  residual: usize,
  relu: i32,
  y: usize,
): void {
  const floor: f32 = relu != 0 ? 0 : -<f32> Infinity;
  const floors = f32x4.splat(floor);
  const pitch = <usize> channels << 2;
  for (let row = 0; row < rows; row++) {
    let at = coefficients;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const deviation = f32x4.sub(v128.load(x), v128.load(at + 2 * pitch));
      let value = f32x4.add(f32x4.mul(deviation, v128.load(at)), v128.load(at + pitch));
      if (residual != 0) {
        value = f32x4.add(value, v128.load(residual));
        residual += 16;
      }
      v128.store(y, f32x4.max(value, floors));
      x += 16;
      y += 16;
      at += 16;
    }
    for (; c < channels; c++) {
      const deviation = load<f32>(x) - load<f32>(at + 2 * pitch);
      let value = deviation * load<f32>(at) + load<f32>(at + pitch);
      if (residual != 0) {
        value += load<f32>(residual);
        residual += 4;
      }
      store<f32>(y, max(value, floor));
      x += 4;
      y += 4;
      at += 4;
    }
  }
}

/**
 * Adds Σ dy and Σ dy · (x − mean) · inverse of each channel to sums, which are, but for what the mean
 * has lost, the gradients to β and γ.
 *
 * @param x `(rows, channels)`.
 * @param dy Shape of x.
 * @param y What ReLU gave behind the normalisation, or 0 where there was none: dy is first set to
 *   zero, in place, where y is not positive.
 * @param coefficients `(5, channels)`; mean and inverse are used.
 * @param sums f64 `(2, channels)`, added to.
 */
export function batchNormGradientSums(
  x: usize,
  dy: usize,
  y: usize,
  rows: i32,
  channels: i32,
  coefficients: usize,
  sums: usize,
): void {
  const pitch = <usize> channels << 2;
  const means = coefficients + 2 * pitch;
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const count = min(ROWS_AT_ONCE, rows - start);
    let c = 0;
    let at: usize = 0;
    for (; c + 4 <= channels; c += 4) {
      const mean = v128.load(means + at), inverse = v128.load(means + pitch + at);
      let sum = f32x4.splat(0), product = f32x4.splat(0);
      let place = at;
      for (let i = 0; i < count; i++) {
        let gradient = v128.load(dy + place);
        if (y != 0) {
          gradient = v128.and(gradient, f32x4.gt(v128.load(y + place), f32x4.splat(0)));
          v128.store(dy + place, gradient);
        }
        sum = f32x4.add(sum, gradient);
        const deviation = f32x4.sub(v128.load(x + place), mean);
        product = f32x4.add(product, f32x4.mul(gradient, deviation));
        place += pitch;
      }
      product = f32x4.mul(product, inverse);
      addLanes(sums + (at << 1), sum);
      addLanes(sums + (pitch + at << 1), product);
      at += 16;
    }
    for (; c < channels; c++) {
      const mean = load<f32>(means + at), inverse = load<f32>(means + pitch + at);
      let sum: f32 = 0, product: f32 = 0;
      let place = at;
      for (let i = 0; i < count; i++) {
        let gradient = load<f32>(dy + place);
        if (y != 0) {
          gradient = load<f32>(y + place) > 0 ? gradient : 0;
          store<f32>(dy + place, gradient);
        }
        sum += gradient;
        product += gradient * (load<f32>(x + place) - mean);
        place += pitch;
      }
      const toSum = sums + (at << 1), toProduct = sums + (pitch + at << 1);
      store<f64>(toSum, load<f64>(toSum) + <f64> sum);
      store<f64>(toProduct, load<f64>(toProduct) + <f64> (product * inverse));
      at += 4;
    }
    const bytes = <usize> count * pitch;
    x += bytes;
    dy += bytes;
    if (y != 0) y += bytes;
  }
}

/** Adds four f32 to four f64. */
function addLanes(to: usize, lanes: v128): void {
  const low = f64x2.promote_low_f32x4(lanes);
  const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3));
  v128.store(to, f64x2.add(v128.load(to), low));
  v128.store(to, f64x2.add(v128.load(to, 16), high), 16);
}

/**
 * Adds sums up, and works out the gradients to γ and β and what makes the gradient to x of dy and x:
 * dx = dy · f₀ + (x − mean) · f₁ + f₂.
 *
 * @param sums `parts` of `batchNormGradientSums`, from 1, `sumsPitch` bytes apart. They are only
 *   read, so that several threads can combine them at a time, each for itself.
 * @param count Rows of the whole batch.
 * @param dGamma `(channels)`, overwritten; 0 for none, as `dBeta`.
 * @param coefficients `(5, channels)`.
 * @param factors `(4, channels)`, overwritten: f₀, f₁, f₂, mean.
 */
export function batchNormGradientCombine(
  sums: usize,
  parts: i32,
  sumsPitch: usize,
  count: i32,
  channels: i32,
  coefficients: usize,
  dGamma: usize,
  dBeta: usize,
  factors: usize,
): void {
  const pitch = <usize> channels << 2;
  for (let at: usize = 0; at < pitch; at += 4) {
    let sum: f64 = 0, product: f64 = 0;
    let part = sums + (at << 1);
    for (let i = 0; i < parts; i++) {
      sum += load<f64>(part);
      product += load<f64>(part + 2 * pitch);
      part += sumsPitch;
    }
    const scale = <f64> load<f32>(coefficients + at);
    const inverse = <f64> load<f32>(coefficients + 3 * pitch + at);
    const lost = <f64> load<f32>(coefficients + 4 * pitch + at);
    product -= sum * lost * inverse;
    if (dBeta != 0) store<f32>(dBeta + at, <f32> sum);
    if (dGamma != 0) store<f32>(dGamma + at, <f32> product);
    const ofX = -scale * inverse * product / <f64> count;
    store<f32>(factors + at, <f32> scale);
    store<f32>(factors + pitch + at, <f32> ofX);
    store<f32>(factors + 2 * pitch + at, <f32> (-scale * sum / <f64> count - lost * ofX));
    store<f32>(factors + 3 * pitch + at, load<f32>(coefficients + 2 * pitch + at));
  }
}

/**
 * dx = dy · f₀ + (x − mean) · f₁ + f₂.
 *
 * @param x `(rows, channels)`, as dy and dx.
 * @param factors `(4, channels)`: f₀, f₁, f₂, mean.
 * @param dx Overwritten; may be dy or x.
 */
export function batchNormGradient(
  x: usize,
  dy: usize,
  rows: i32,
  channels: i32,
  factors: usize,
  dx: usize,
): void {
  const pitch = <usize> channels << 2;
  for (let row = 0; row < rows; row++) {
    let at = factors;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const ofDy = f32x4.mul(v128.load(dy), v128.load(at));
      const deviation = f32x4.sub(v128.load(x), v128.load(at + 3 * pitch));
      const ofX = f32x4.mul(deviation, v128.load(at + pitch));
      v128.store(dx, f32x4.add(f32x4.add(ofDy, ofX), v128.load(at + 2 * pitch)));
      x += 16;
      dy += 16;
      dx += 16;
      at += 16;
    }
    for (; c < channels; c++) {
      const ofDy = load<f32>(dy) * load<f32>(at);
      const ofX = (load<f32>(x) - load<f32>(at + 3 * pitch)) * load<f32>(at + pitch);
      store<f32>(dx, ofDy + ofX + load<f32>(at + 2 * pitch));
      x += 4;
      dy += 4;
      dx += 4;
      at += 4;
    }
  }
}

/**
 * The gradients to what normalised, where mean and variance were given and not the batch's own: of a
 * mean that is given, nothing is lost.
 *
 * @param sums Of the whole batch, from `batchNormGradientSums`.
 * @param dMean `(channels)`, overwritten, as the three others.
 */
export function batchNormParameterGradients(
  sums: usize,
  channels: i32,
  coefficients: usize,
  dMean: usize,
  dVariance: usize,
  dGamma: usize,
  dBeta: usize,
): void {
  const pitch = <usize> channels << 2;
  for (let at: usize = 0; at < pitch; at += 4) {
    const sum = load<f64>(sums + (at << 1)), product = load<f64>(sums + (pitch + at << 1));
    const scale = <f64> load<f32>(coefficients + at);
    const inverse = <f64> load<f32>(coefficients + 3 * pitch + at);
    store<f32>(dMean + at, <f32> (-scale * sum));
    store<f32>(dVariance + at, <f32> (-scale * inverse * product / 2));
    store<f32>(dGamma + at, <f32> product);
    store<f32>(dBeta + at, <f32> sum);
  }
}
