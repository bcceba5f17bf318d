/**
 * Batch normalisation (Ioffe & Szegedy, arXiv 1502.03167), first part: mean and variance of each
 * channel, from blocks of a batch that may be different threads' work.
 *
 * The state of a block is f64: how many rows it has, the mean of each channel, and the sum of each
 * channel's squared deviations from it (M₂). Two states are merged by Chan's formula (Chan, Golub,
 * LeVeque 1979), in double precision and in a fixed order.
 */

/** Rows that are summed in single precision before they join the state. */
const ROWS_AT_ONCE: i32 = 128;

/** Bytes of the state of a block; zeros are the state of no rows. */
export function batchNormStateBytes(channels: i32): f64 {
  return 8 * (1 + 2 * <f64> channels);
}

/**
 * Merges the statistics of x `(rows, channels)` into a state.
 *
 * @param state Updated.
 */
export function batchNormStatistics(x: usize, rows: i32, channels: i32, state: usize): void {
  const pitch = <usize> channels << 2;
  const pitchM2 = <usize> channels << 3;
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const count = min(ROWS_AT_ONCE, rows - start);
    const known = load<f64>(state);
    let mean = state + 8;
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      // Deviations are taken from the first row: however far from zero the values are, squares
      // then lose no more than a factor of `count` to cancellation.
      let at = x + (<usize> c << 2);
      const origin = v128.load(at);
      let sum = f32x4.splat(0), squares = f32x4.splat(0);
      for (let i = 1; i < count; i++) {
        at += pitch;
        const deviation = f32x4.sub(v128.load(at), origin);
        sum = f32x4.add(sum, deviation);
        squares = f32x4.add(squares, f32x4.mul(deviation, deviation));
      }
      mergeSums(
        mean,
        pitchM2,
        known,
        count,
        f32x4.extract_lane(origin, 0),
        f32x4.extract_lane(sum, 0),
        f32x4.extract_lane(squares, 0),
      );
      mergeSums(
        mean + 8,
        pitchM2,
        known,
        count,
        f32x4.extract_lane(origin, 1),
        f32x4.extract_lane(sum, 1),
        f32x4.extract_lane(squares, 1),
      );
      mergeSums(
        mean + 16,
        pitchM2,
        known,
        count,
        f32x4.extract_lane(origin, 2),
        f32x4.extract_lane(sum, 2),
        f32x4.extract_lane(squares, 2),
      );
      mergeSums(
        mean + 24,
        pitchM2,
        known,
        count,
        f32x4.extract_lane(origin, 3),
        f32x4.extract_lane(sum, 3),
        f32x4.extract_lane(squares, 3),
      );
      mean += 32;
    }
    for (; c < channels; c++) {
      let at = x + (<usize> c << 2);
      const origin = load<f32>(at);
      let sum: f32 = 0, squares: f32 = 0;
      for (let i = 1; i < count; i++) {
        at += pitch;
        const deviation = load<f32>(at) - origin;
        sum += deviation;
        squares += deviation * deviation;
      }
      mergeSums(mean, pitchM2, known, count, origin, sum, squares);
      mean += 8;
    }
    store<f64>(state, known + <f64> count);
    x += <usize> count * pitch;
  }
}

/**
 * Merges one channel's sums of deviations from an origin, and of their squares, into a state, by
 * Chan's formula.
 *
 * @param mean Of the state; its M₂ stands `pitchM2` behind it.
 */
function mergeSums(
  mean: usize,
  pitchM2: usize,
  known: f64,
  count: i32,
  origin: f32,
  sum: f32,
  squares: f32,
): void {
  const n = <f64> count;
  const shift = <f64> sum / n;
  const added = max<f64>(0, <f64> squares - <f64> sum * shift);
  const total = known + n;
  const difference = <f64> origin + shift - load<f64>(mean);
  store<f64>(mean, load<f64>(mean) + difference * (n / total));
  const m2 = load<f64>(mean + pitchM2);
  store<f64>(mean + pitchM2, m2 + added + difference * difference * (known * n / total));
}

/**
 * Merges states, by Chan's formula for any number of them, and works out what normalises the batch.
 *
 * Moving averages go as tfjs-layers has them: `moving −= (moving − batch's) · (1 − momentum)`, with
 * the variance as it normalises, not the unbiased one.
 *
 * @param states `parts` of them, from 1, `statePitch` bytes apart. They are only read, so that
 *   several threads can combine them at a time, each for itself.
 * @param gamma Factor of each channel; 0 for none, as `beta`, what is added.
 * @param movingMean Updated, as `movingVariance` is; 0 for neither.
 * @param coefficients `(5, channels)`, overwritten: scale = γ · inverse, shift = β − lost · scale,
 *   mean as a float32, inverse = 1 / √(variance + ε), lost = what the mean has beyond that float32.
 */
export function batchNormCombine(
  states: usize,
  parts: i32,
  statePitch: usize,
  channels: i32,
  gamma: usize,
  beta: usize,
  epsilon: f32,
  momentum: f32,
  movingMean: usize,
  movingVariance: usize,
  coefficients: usize,
): void {
  let count: f64 = 0;
  for (let i = 0; i < parts; i++) count += load<f64>(states + <usize> i * statePitch);
  const pitchM2 = <usize> channels << 3;
  for (let c = 0; c < channels; c++) {
    const at = <usize> c << 2;
    let mean: f64 = 0, m2: f64 = 0;
    let part = states;
    for (let i = 0; i < parts; i++) {
      mean += load<f64>(part) / count * load<f64>(part + (at << 1), 8);
      part += statePitch;
    }
    part = states;
    for (let i = 0; i < parts; i++) {
      const difference = load<f64>(part + (at << 1), 8) - mean;
      m2 += load<f64>(part + (at << 1) + pitchM2, 8) + load<f64>(part) * difference * difference;
      part += statePitch;
    }
    const variance = m2 / count;
    storeCoefficients(at, channels, gamma, beta, mean, variance, epsilon, coefficients);
    if (movingMean == 0) continue;
    moveTowards(movingMean + at, <f32> mean, momentum);
    moveTowards(movingVariance + at, <f32> variance, momentum);
  }
}

function moveTowards(average: usize, value: f32, momentum: f32): void {
  const old = load<f32>(average);
  store<f32>(average, old - (old - value) * (1 - momentum));
}

/**
 * The coefficients of a normalisation by given statistics, as at inference; see `batchNormCombine`.
 *
 * @param mean Of each channel, as `variance`.
 */
export function batchNormFold(
  gamma: usize,
  beta: usize,
  mean: usize,
  variance: usize,
  channels: i32,
  epsilon: f32,
  coefficients: usize,
): void {
  for (let c = 0; c < channels; c++) {
    const at = <usize> c << 2;
    const ofMean = <f64> load<f32>(mean + at), ofVariance = <f64> load<f32>(variance + at);
    storeCoefficients(at, channels, gamma, beta, ofMean, ofVariance, epsilon, coefficients);
  }
}

/** The five coefficients of the channel whose values lie `at` bytes from the first one's. */
function storeCoefficients(
  at: usize,
  channels: i32,
  gamma: usize,
  beta: usize,
  mean: f64,
  variance: f64,
  epsilon: f32,
  coefficients: usize,
): void {
  const pitch = <usize> channels << 2;
  const inverse = 1 / sqrt<f64>(variance + <f64> epsilon);
  const scale = (gamma != 0 ? <f64> load<f32>(gamma + at) : 1) * inverse;
  const offset = beta != 0 ? <f64> load<f32>(beta + at) : 0;
  const lost = mean - <f64> <f32> mean;
  let to = coefficients + at;
  store<f32>(to, <f32> scale);
  to += pitch;
  // Never 0 · ∞, which a variance of 0 would make.
  store<f32>(to, <f32> (lost == 0 ? offset : offset - lost * scale));
  to += pitch;
  store<f32>(to, <f32> mean);
  to += pitch;
  store<f32>(to, <f32> inverse);
  to += pitch;
  store<f32>(to, <f32> lost);
}
