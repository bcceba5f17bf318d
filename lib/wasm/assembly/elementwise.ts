/** Gradients of elementwise functions, and the sum of two branches. */

/**
 * dx = dy · scale where y > 0, else 0; n values. dx may be dy.
 *
 * @param y What ReLU gave, or what it was given: both are positive in the same places.
 */
export function reluGradient(y: usize, dy: usize, n: i32, scale: f32, dx: usize): void {
  const zero = f32x4.splat(0), scales = f32x4.splat(scale);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const scaled = f32x4.mul(v128.load(dy), scales);
    v128.store(dx, v128.and(scaled, f32x4.gt(v128.load(y), zero)));
    y += 16;
    dy += 16;
    dx += 16;
  }
  for (; i < n; i++) {
    store<f32>(dx, load<f32>(y) > 0 ? load<f32>(dy) * scale : 0);
    y += 4;
    dy += 4;
    dx += 4;
  }
}

/**
 * out = x + y, clamped at zero from below where `relu` is not 0; n values. out may be x or y.
 */
export function add(x: usize, y: usize, n: i32, relu: i32, out: usize): void {
  const floor: f32 = relu != 0 ? 0 : -<f32> Infinity;
  const floors = f32x4.splat(floor);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(out, f32x4.max(f32x4.add(v128.load(x), v128.load(y)), floors));
    x += 16;
    y += 16;
    out += 16;
  }
  for (; i < n; i++) {
    store<f32>(out, max<f32>(load<f32>(x) + load<f32>(y), floor));
    x += 4;
    y += 4;
    out += 4;
  }
}

/** dx = 2 · x · dy, n values: the gradient of x². */
export function squareGradient(x: usize, dy: usize, n: i32, dx: usize): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const value = v128.load(x);
    v128.store(dx, f32x4.mul(f32x4.add(value, value), v128.load(dy)));
    x += 16;
    dy += 16;
    dx += 16;
  }
  for (; i < n; i++) {
    store<f32>(dx, 2 * load<f32>(x) * load<f32>(dy));
    x += 4;
    dy += 4;
    dx += 4;
  }
}
