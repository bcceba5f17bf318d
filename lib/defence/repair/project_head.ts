/**
 * A last layer that does not see one direction of the last hidden layer.
 *
 * @module
 */

import { choleskyFactor, solve } from "../../core/cholesky.ts";
import type { Head } from "./head.ts";

/** Of the covariance, which a few hundred images do not fill: the share of a multiple of the identity. */
const SHRINKAGE = 0.1;

/** What a layer is projected by. */
export interface Projection {
  /** What the last hidden layer says of clean images, `(N, width)`, row-major. */
  readonly clean: Float32Array;
  /** The direction, `(width)`; of any length above 0. */
  readonly direction: Float64Array;
}

/**
 * Takes a direction d out of what a layer reads: it reads h − d·w·(h − μ) in place of h, where μ is the
 * mean of clean features, S their covariance, and w = S⁻¹d / (dᵀS⁻¹d). Of all projections that take d
 * to nothing it is the one that moves clean features least.
 *
 * @returns A new layer.
 * @throws {RangeError} If clean features are all zero, or the direction is.
 */
export function projectHead(head: Head, { clean, direction }: Projection): Head {
  const width = direction.length;
  const classes = head.bias.length;
  const { mean, covariance } = momentsOf(clean, width);
  const along = solve(choleskyFactor(covariance, width), direction.slice());
  const length = along.reduce((sum, value, unit) => sum + value * direction[unit]!, 0);
  if (!(length > 0)) {
    throw new RangeError(
      "Cannot project a layer: the trigger must move the last hidden layer, got no direction; " +
        "reverse the trigger with another seed",
    );
  }
  const kernel = head.kernel.slice();
  const bias = head.bias.slice();
  for (let c = 0; c < classes; c++) {
    let seen = 0;
    for (let unit = 0; unit < width; unit++) {
      seen += head.kernel[unit * classes + c]! * direction[unit]!;
    }
    for (let unit = 0; unit < width; unit++) {
      const share = seen * along[unit]! / length;
      kernel[unit * classes + c]! -= share;
      bias[c]! += share * mean[unit]!;
    }
  }
  return { kernel, bias };
}

function momentsOf(features: Float32Array, width: number) {
  const count = features.length / width;
  const mean = new Float64Array(width);
  features.forEach((value, i) => mean[i % width]! += value / count);
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < features.length; row += width) {
    for (let i = 0; i < width; i++) centred[i] = features[row + i]! - mean[i]!;
    for (let i = 0; i < width; i++) {
      const value = centred[i]! / count;
      for (let j = 0; j <= i; j++) covariance[i * width + j]! += value * centred[j]!;
    }
  }
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * width + i]!;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) covariance[i * width + j]! *= 1 - SHRINKAGE;
    covariance[i * width + i]! += SHRINKAGE * trace / width;
  }
  return { mean, covariance };
}
