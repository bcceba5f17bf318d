/** Elementwise kernels and the sum over leading axes. */

/** dx = dy where x > 0, else 0; n values. */
export function reluGradient(x: usize, dy: usize, n: i32, dx: usize): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(x), zero)));
    x += 16;
    dy += 16;
    dx += 16;
  }
  for (; i < n; i++) {
    store<f32>(dx, load<f32>(x) > 0 ? load<f32>(dy) : 0);
    x += 4;
    dy += 4;
    dx += 4;
  }
}

/** Rows that are summed before their sum joins the total: keeps rounding errors from piling up. */
const ROWS_AT_ONCE: i32 = 256;

/**
 * Sums `(rows, columns)` over its rows, in blocks and in a fixed order.
 *
 * @param out `(columns)`, overwritten.
 */
export function sumRows(x: usize, rows: i32, columns: i32, out: usize): void {
  const pitch = <usize> columns << 2;
  memory.fill(out, 0, pitch);
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const count = min(ROWS_AT_ONCE, rows - start);
    const block = x + <usize> start * pitch;
    let j = 0;
    for (; j + 8 <= columns; j += 8) {
      let at = block + (<usize> j << 2);
      let s0 = v128.load(at), s1 = v128.load(at, 16);
      for (let i = 1; i < count; i++) {
        at += pitch;
        s0 = f32x4.add(s0, v128.load(at));
        s1 = f32x4.add(s1, v128.load(at, 16));
      }
      const total = out + (<usize> j << 2);
      v128.store(total, f32x4.add(v128.load(total), s0));
      v128.store(total, f32x4.add(v128.load(total, 16), s1), 16);
    }
    for (; j < columns; j++) {
      let at = block + (<usize> j << 2);
      let sum: f32 = 0;
      for (let i = 0; i < count; i++) {
        sum += load<f32>(at);
        at += pitch;
      }
      const total = out + (<usize> j << 2);
      store<f32>(total, load<f32>(total) + sum);
    }
  }
}

/**
 * Keeps each value with a probability and scales it, or makes it zero. Whether value i is kept is
 * a hash of i and the seed, so that the gradient is this same function applied to dy, no mask is
 * stored, and the result does not depend on how the work is divided.
 *
 * @param threshold Kept where the hash, a u32, is at or above it: rate · 2³².
 * @param scale 1 / (1 − rate).
 */
export function dropout(x: usize, n: i32, seed: u32, threshold: u32, scale: f32, y: usize): void {
  const scales = f32x4.splat(scale);
  const thresholds = i32x4.splat(<i32> threshold);
  const four = i32x4.splat(4);
  const seeds = i32x4.splat(<i32> seed);
  let index = i32x4(0, 1, 2, 3);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const kept = i32x4.ge_u(mixLanes(v128.xor(mixLanes(index), seeds)), thresholds);
    v128.store(y, v128.and(f32x4.mul(v128.load(x), scales), kept));
    index = i32x4.add(index, four);
    x += 16;
    y += 16;
  }
  for (; i < n; i++) {
    const kept = mix(mix(<u32> i) ^ seed) >= threshold;
    store<f32>(y, kept ? load<f32>(x) * scale : 0);
    x += 4;
    y += 4;
  }
}

/** A bijection of 32 bits in which every input bit moves every output bit (multiply, xorshift). */
function mix(x: u32): u32 {
  x = (x ^ (x >>> 16)) * 0x7feb352d;
  x = (x ^ (x >>> 15)) * 0x846ca68b;
  return x ^ (x >>> 16);
}

/** `mix` on four lanes. */
function mixLanes(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(<i32> 0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/**
 * One step of Adam (Kingma & Ba, arXiv 1412.6980, algorithm 1) on n weights, in one pass.
 *
 * @param rate Learning rate over 1 − β₁ᵗ.
 * @param beta1 β₁ in double precision, as is β₂: 1 − 0.999 keeps four digits in single precision.
 * @param secondCorrection 1 / (1 − β₂ᵗ).
 */
export function adamStep(
  weights: usize,
  first: usize,
  second: usize,
  gradient: usize,
  n: i32,
  rate: f32,
  beta1: f64,
  beta2: f64,
  secondCorrection: f32,
  epsilon: f32,
  newWeights: usize,
  newFirst: usize,
  newSecond: usize,
): void {
  const decay1 = <f32> beta1, gain1 = <f32> (1 - beta1);
  const decay2 = <f32> beta2, gain2 = <f32> (1 - beta2);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = <usize> i << 2;
    const g = v128.load(gradient + at);
    const m = f32x4.add(
      f32x4.mul(v128.load(first + at), f32x4.splat(decay1)),
      f32x4.mul(g, f32x4.splat(gain1)),
    );
    const v = f32x4.add(
      f32x4.mul(v128.load(second + at), f32x4.splat(decay2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(gain2)),
    );
    const denominator = f32x4.add(
      f32x4.sqrt(f32x4.mul(v, f32x4.splat(secondCorrection))),
      f32x4.splat(epsilon),
    );
    const step = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), denominator);
    v128.store(newWeights + at, f32x4.sub(v128.load(weights + at), step));
    v128.store(newFirst + at, m);
    v128.store(newSecond + at, v);
  }
  for (; i < n; i++) {
    const at = <usize> i << 2;
    const g = load<f32>(gradient + at);
    const m = load<f32>(first + at) * decay1 + g * gain1;
    const v = load<f32>(second + at) * decay2 + g * g * gain2;
    const step = m * rate / (sqrt<f32>(v * secondCorrection) + epsilon);
    store<f32>(newWeights + at, load<f32>(weights + at) - step);
    store<f32>(newFirst + at, m);
    store<f32>(newSecond + at, v);
  }
}
