/**
 * A last layer that says of stamped images what it says of clean ones.
 *
 * @module
 */

import { choleskyFactor, solve } from "../../core/cholesky.ts";
import { type Head, logitsOf } from "./head.ts";

/** What holds the layer to what it was: a share of the mean square of a feature. */
const RIDGE = 0.01;

/** What a layer is fitted to: what the last hidden layer says of images, `(N, width)`, row-major. */
export interface RefitFeatures {
  /** Of images as they are. */
  readonly clean: Float32Array;
  /** Of the same images with the trigger. */
  readonly stamped: Float32Array;
}

/**
 * Fits a layer, in closed form: of all layers it minimises the squared distance of its logits, on images
 * with and without the trigger alike, to the old layer's logits without the trigger, plus a ridge on the
 * change of its kernel. It is self-distillation of the last layer, and does what `projectHead` does for
 * every direction in which the trigger moves images, by as much as is worth it.
 *
 * @returns A new layer.
 * @throws {RangeError} If all features are zero.
 */
export function refitHead(head: Head, { clean, stamped }: RefitFeatures): Head {
  const classes = head.bias.length;
  const width = head.kernel.length / classes;
  // The layer's inputs, and behind them the 1 that the bias is multiplied by.
  const size = width + 1;
  const products = new Float64Array(size * size);
  for (const features of [clean, stamped]) addProducts(products, features, width);
  let trace = 0;
  for (let i = 0; i < width; i++) trace += products[i * size + i]!;
  for (let i = 0; i < width; i++) products[i * size + i]! += RIDGE * trace / width;
  const factor = choleskyFactor(products, size);

  const wanted = logitsOf(head, clean);
  // On clean images the old layer is right: only those with the trigger have something to say.
  const missing = logitsOf(head, stamped).map((logit, i) => wanted[i]! - logit);
  const kernel = head.kernel.slice();
  const bias = head.bias.slice();
  for (let c = 0; c < classes; c++) {
    const right = new Float64Array(size);
    for (let row = 0; row * width < stamped.length; row++) {
      const residual = missing[row * classes + c]!;
      for (let unit = 0; unit < width; unit++) {
        right[unit]! += residual * stamped[row * width + unit]!;
      }
      right[width]! += residual;
    }
    const change = solve(factor, right);
    for (let unit = 0; unit < width; unit++) kernel[unit * classes + c]! += change[unit]!;
    bias[c]! += change[width]!;
  }
  return { kernel, bias };
}

/** Adds up x·xᵀ over rows of features, a 1 behind each; the lower triangle. */
function addProducts(products: Float64Array, features: Float32Array, width: number): void {
  const size = width + 1;
  const one = new Float64Array(size).fill(1);
  for (let row = 0; row < features.length; row += width) {
    one.set(features.subarray(row, row + width));
    for (let i = 0; i < size; i++) {
      const value = one[i]!;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) products[i * size + j]! += value * one[j]!;
    }
  }
}
