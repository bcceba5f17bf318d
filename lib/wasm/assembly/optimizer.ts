/** Steps of optimizers, each in one pass over the weights and in place. */

/** Value at `at` of the sum of `parts` arrays, `pitch` bytes apart, in their order; four lanes. */
function sumOfParts(at: usize, parts: i32, pitch: usize): v128 {
  let sum = v128.load(at);
  for (let i = 1; i < parts; i++) {
    at += pitch;
    sum = f32x4.add(sum, v128.load(at));
  }
  return sum;
}

/** `sumOfParts`, one lane. */
function sumOfPartsTail(at: usize, parts: i32, pitch: usize): f32 {
  let sum = load<f32>(at);
  for (let i = 1; i < parts; i++) {
    at += pitch;
    sum += load<f32>(at);
  }
  return sum;
}

/**
 * One step of Adam (Kingma & Ba, arXiv 1412.6980, algorithm 1) on n weights, with decoupled weight
 * decay (AdamW: Loshchilov & Hutter, arXiv 1711.05101). The gradient is the sum of `parts` arrays,
 * from 1, `partPitch` bytes apart.
 *
 * @param first First moments, as `second` the second ones: updated, as the weights are.
 * @param rate Learning rate over 1 − β₁ᵗ.
 * @param beta1 β₁ in double precision, as is β₂: 1 − 0.999 keeps four digits in single precision.
 * @param secondCorrection 1 / (1 − β₂ᵗ).
 * @param decay Weight decay times the learning rate: how much of itself a weight loses first.
 */
export function adam(
  weights: usize,
  first: usize,
  second: usize,
  gradients: usize,
  parts: i32,
  partPitch: usize,
  n: i32,
  rate: f32,
  beta1: f64,
  beta2: f64,
  secondCorrection: f32,
  epsilon: f32,
  decay: f32,
): void {
  const decay1 = <f32> beta1, gain1 = <f32> (1 - beta1);
  const decay2 = <f32> beta2, gain2 = <f32> (1 - beta2);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const g = sumOfParts(gradients, parts, partPitch);
    const m = f32x4.add(
      f32x4.mul(v128.load(first), f32x4.splat(decay1)),
      f32x4.mul(g, f32x4.splat(gain1)),
    );
    const v = f32x4.add(
      f32x4.mul(v128.load(second), f32x4.splat(decay2)),
      f32x4.mul(f32x4.mul(g, g), f32x4.splat(gain2)),
    );
    const denominator = f32x4.add(
      f32x4.sqrt(f32x4.mul(v, f32x4.splat(secondCorrection))),
      f32x4.splat(epsilon),
    );
    const step = f32x4.div(f32x4.mul(m, f32x4.splat(rate)), denominator);
    const weight = v128.load(weights);
    const decayed = f32x4.sub(weight, f32x4.mul(weight, f32x4.splat(decay)));
    v128.store(weights, f32x4.sub(decayed, step));
    v128.store(first, m);
    v128.store(second, v);
    weights += 16;
    first += 16;
    second += 16;
    gradients += 16;
  }
  for (; i < n; i++) {
    const g = sumOfPartsTail(gradients, parts, partPitch);
    const m = load<f32>(first) * decay1 + g * gain1;
    const v = load<f32>(second) * decay2 + g * g * gain2;
    const step = m * rate / (sqrt<f32>(v * secondCorrection) + epsilon);
    const weight = load<f32>(weights);
    store<f32>(weights, weight - weight * decay - step);
    store<f32>(first, m);
    store<f32>(second, v);
    weights += 4;
    first += 4;
    second += 4;
    gradients += 4;
  }
}

/**
 * One step of gradient descent with momentum on n weights: g = Σ parts + decay · w;
 * v = momentum · v + g; w −= rate · v, or with Nesterov's momentum w −= rate · (g + momentum · v).
 * That is PyTorch's SGD without dampening. The gradient is as in `adam`.
 *
 * @param velocity Updated, as the weights are; zeros before the first step.
 * @param nesterov Whether, as 0 or 1.
 */
export function sgd(
  weights: usize,
  velocity: usize,
  gradients: usize,
  parts: i32,
  partPitch: usize,
  n: i32,
  rate: f32,
  momentum: f32,
  decay: f32,
  nesterov: i32,
): void {
  // The step is v, or g + momentum · v: both are own · g + kept · v.
  const own: f32 = nesterov != 0 ? 1 : 0;
  const kept: f32 = nesterov != 0 ? momentum : 1;
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const weight = v128.load(weights);
    const g = f32x4.add(
      sumOfParts(gradients, parts, partPitch),
      f32x4.mul(weight, f32x4.splat(decay)),
    );
    const v = f32x4.add(f32x4.mul(v128.load(velocity), f32x4.splat(momentum)), g);
    const step = f32x4.add(f32x4.mul(g, f32x4.splat(own)), f32x4.mul(v, f32x4.splat(kept)));
    v128.store(weights, f32x4.sub(weight, f32x4.mul(step, f32x4.splat(rate))));
    v128.store(velocity, v);
    weights += 16;
    velocity += 16;
    gradients += 16;
  }
  for (; i < n; i++) {
    const weight = load<f32>(weights);
    const g = sumOfPartsTail(gradients, parts, partPitch) + weight * decay;
    const v = load<f32>(velocity) * momentum + g;
    store<f32>(weights, weight - (g * own + v * kept) * rate);
    store<f32>(velocity, v);
    weights += 4;
    velocity += 4;
    gradients += 4;
  }
}
