/**
 * The gamma distribution, by which MM-BD judges.
 *
 * @module
 */

/** Shape and scale. */
export interface GammaFit {
  readonly shape: number;
  readonly scale: number;
}

/** Below it, numbers are taken to differ by a thousandth, for equal ones have no distribution. */
const LEAST_SPREAD = 1e-6;

/**
 * The gamma distribution, beginning at 0, under which some numbers are likeliest.
 *
 * @param values Above 0.
 */
export function fitGamma(values: readonly number[]): GammaFit {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanLog = values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
  const spread = Math.max(LEAST_SPREAD, Math.log(mean) - meanLog);
  // Minka's start for ln k − ψ(k) = spread, which Newton's method in 1/k then makes exact.
  let shape = (3 - spread + Math.sqrt((spread - 3) ** 2 + 24 * spread)) / (12 * spread);
  for (let i = 0; i < 8; i++) {
    const slope = 1 / shape - trigamma(shape);
    const inverse = 1 / shape + (Math.log(shape) - digamma(shape) - spread) / (shape ** 2 * slope);
    shape = 1 / inverse;
  }
  return { shape, scale: mean / shape };
}

/**
 * The probability that a number of a gamma distribution is greater than a value, exact far out too.
 *
 * @param value From 0.
 */
export function gammaTail(value: number, { shape, scale }: GammaFit): number {
  const x = value / scale;
  if (x <= 0) return 1;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? 1 - front * lowerSeries(x, shape) : front * upperFraction(x, shape);
}

/** Terms of either expansion: as many as a shape of some ten thousand needs. */
const TERMS = 10_000;

const PRECISION = 1e-15;

/** γ(a, x)·eˣ·x⁻ᵃ = Σ xⁿ / (a·(a + 1)·…·(a + n)); Abramowitz & Stegun 6.5.29. */
function lowerSeries(x: number, a: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < TERMS && term > sum * PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Γ(a, x)·eˣ·x⁻ᵃ as a continued fraction (Abramowitz & Stegun 6.5.31), by Lentz's method. */
function upperFraction(x: number, a: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < TERMS; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (factor * d + b);
    c = b + factor / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return fraction;
}

/** Where the asymptotic series below hold to twelve digits. */
const LARGE = 12;

/** ln Γ(x), Stirling's series. */
function logGamma(x: number): number {
  if (x < LARGE) return logGamma(x + 1) - Math.log(x);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** ψ(x) = d ln Γ / dx. */
function digamma(x: number): number {
  if (x < LARGE) return digamma(x + 1) - 1 / x;
  const y = 1 / (x * x);
  return Math.log(x) - 0.5 / x - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)));
}

/** dψ / dx. */
function trigamma(x: number): number {
  if (x < LARGE) return trigamma(x + 1) + 1 / (x * x);
  const y = 1 / (x * x);
  return 1 / x + y / 2 + (y / x) * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y / 30)));
}
