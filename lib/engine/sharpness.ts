/**
 * Sharpness-aware minimisation: the gradient is taken at the worst place next to the weights.
 *
 * @module
 */

/** Where that place is (Foret et al., arXiv 2010.01412; Kwon et al., arXiv 2102.11600). */
export interface Sharpness {
  /** How far away it is, ρ; above 0. */
  readonly radius: number;
  /**
   * Whether distances are measured in units of each weight, as FT-SAM does: then w moves by
   * ρ·w²·g / ‖|w|·g‖, else by ρ·g / ‖g‖, the norms over all weights that are trained. Not so unless
   * given.
   */
  readonly isAdaptive?: boolean;
}

/** Keeps a gradient of zeros from a division by zero. */
const LEAST = 1e-12;

/** Weights and their gradient, of as many values. */
export interface WeightsAndGradient {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
}

/**
 * Moves weights, in place, to where the loss is worst next to them, to first order.
 *
 * @param all All that is trained.
 * @throws {RangeError} If the radius is not above 0.
 */
export function climb(
  all: readonly WeightsAndGradient[],
  { radius, isAdaptive = false }: Sharpness,
): void {
  if (!(radius > 0 && radius < Infinity)) {
    throw new RangeError(
      `Cannot take a sharpness-aware step: radius must be above 0, got ${radius}`,
    );
  }
  let squares = 0;
  for (const { weights, gradient } of all) {
    for (let i = 0; i < gradient.length; i++) {
      const g = isAdaptive ? weights[i]! * gradient[i]! : gradient[i]!;
      squares += g * g;
    }
  }
  const scale = radius / (Math.sqrt(squares) + LEAST);
  for (const { weights, gradient } of all) {
    for (let i = 0; i < gradient.length; i++) {
      const unit = isAdaptive ? weights[i]! * weights[i]! : 1;
      weights[i]! += scale * unit * gradient[i]!;
    }
  }
}
