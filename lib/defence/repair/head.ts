/**
 * The last layer of a model, which makes logits of the last hidden layer.
 *
 * @module
 */

import type { RepairableLayer, RepairableModel } from "./repair.ts";

/** Weights of a dense layer. */
export interface Head {
  /** `(width, classes)`, row-major. */
  readonly kernel: Float32Array;
  /** `(classes)`. */
  readonly bias: Float32Array;
}

/** Layers that have no weights, and only change how logits are told. */
const OUTPUTS = new Set(["Activation", "Softmax"]);

/**
 * Copies the weights of a model's last layer.
 *
 * @throws {RangeError} If it is not dense, with a bias.
 */
export function readHead(model: RepairableModel): Head {
  const { kernel, bias } = model.weights(headLayer(model).name);
  return { kernel: kernel!, bias: bias! };
}

/** Puts others in their place. */
export function writeHead(model: RepairableModel, { kernel, bias }: Head): void {
  model.setWeights(headLayer(model).name, { kernel, bias });
}

/**
 * A model's last layer.
 *
 * @throws {RangeError} If it is not dense, with a bias.
 */
export function headLayer({ layers }: RepairableModel): RepairableLayer {
  const last = layers.findLast(({ className }) => !OUTPUTS.has(className));
  const isHead = last?.className === "Dense" && "bias" in last.weights;
  if (isHead) return last;
  const what = last?.className === "Dense" ? "one without" : `a layer of class ${last?.className}`;
  throw new RangeError(
    `Cannot change a model's last layer: it must be dense, with a bias, got ${what}; take another ` +
      "repair",
  );
}

/**
 * What the layer makes of features.
 *
 * @param features `(N, width)`, row-major.
 * @returns Logits, `(N, classes)`, row-major.
 */
export function logitsOf({ kernel, bias }: Head, features: Float32Array): Float64Array {
  const classes = bias.length;
  const width = kernel.length / classes;
  const logits = new Float64Array(features.length / width * classes);
  for (let row = 0, at = 0; at < logits.length; row += width, at += classes) {
    for (let c = 0; c < classes; c++) logits[at + c] = bias[c]!;
    for (let unit = 0; unit < width; unit++) {
      const value = features[row + unit]!;
      if (value === 0) continue;
      for (let c = 0; c < classes; c++) logits[at + c]! += value * kernel[unit * classes + c]!;
    }
  }
  return logits;
}
