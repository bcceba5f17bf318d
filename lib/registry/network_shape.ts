/**
 * Whether a network is the classifier that its description says.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import type { ImageShape } from "../core/types.ts";

/** What a description says of a network's two ends. */
export interface NetworkEnds {
  readonly input: ImageShape;
  /** A name for each class. */
  readonly labels: readonly string[];
}

/**
 * Compares a network with its description: what it says of the image's size and of the classes.
 *
 * @returns In words, what is wrong; `null` if nothing is.
 */
export function shapeProblem(
  { inputs, outputs }: tf.LayersModel,
  { input, labels }: NetworkEnds,
): string | null {
  const [taken, given] = [inputs[0]?.shape.slice(1) ?? [], outputs[0]?.shape ?? []];
  if (inputs.length !== 1 || outputs.length !== 1 || given.length !== 2) {
    return `its network must have one input and one output (N, classes), got inputs ` +
      `${inputs.map(({ shape }) => `(${shape})`)} and outputs ` +
      `${outputs.map(({ shape }) => `(${shape})`)}`;
  }
  if (given[1] !== labels.length) {
    return `its labels must be as many as its network has outputs, ${given[1]}, got ` +
      `${labels.length}`;
  }
  const sizes = taken.map((size, axis) => size ?? input[axis] ?? 1);
  const isSame = taken.length === input.length
    ? sizes.every((size, axis) => size === input[axis])
    : product(sizes) === product(input);
  return isSame ? null : `its input must be what its network takes, (${taken}), got (${input})`;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((size, extent) => size * extent, 1);
}
