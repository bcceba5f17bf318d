/** Dropout by a hash of place and seed. */

/**
 * Keeps each value with a probability and scales it, or makes it zero. Whether value i is kept is
 * a hash of i and the seed, so that the gradient is this same function applied to dy, no mask is
 * stored, and the result does not depend on how the work is divided.
 *
 * @param first Index of x[0] in the whole tensor, where x is a part of one.
 * @param threshold Kept where the hash, a u32, is at or above it: rate · 2³².
 * @param scale 1 / (1 − rate).
 * @param y n values; may be x.
 */
export function dropout(
  x: usize,
  n: i32,
  first: u32,
  seed: u32,
  threshold: u32,
  scale: f32,
  y: usize,
): void {
  const scales = f32x4.splat(scale);
  const thresholds = i32x4.splat(<i32> threshold);
  const four = i32x4.splat(4);
  const seeds = i32x4.splat(<i32> seed);
  let index = i32x4.add(i32x4.splat(<i32> first), i32x4(0, 1, 2, 3));
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const kept = i32x4.ge_u(mixLanes(v128.xor(mixLanes(index), seeds)), thresholds);
    v128.store(y, v128.and(f32x4.mul(v128.load(x), scales), kept));
    index = i32x4.add(index, four);
    x += 16;
    y += 16;
  }
  for (; i < n; i++) {
    const kept = mix(mix(first + <u32> i) ^ seed) >= threshold;
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
