/**
 * Whether a network is the classifier that its description says.
 *
 * @module
 */

import { ModelError } from "../core/errors.ts";
import type { ImageShape } from "../core/types.ts";
import type { ModelManifest } from "./manifest.ts";

/** The ends of a network, the batch's extent first in each shape; a tfjs `LayersModel` has these. */
export interface NetworkTensors {
  readonly inputs: readonly NetworkTensor[];
  readonly outputs: readonly NetworkTensor[];
}

interface NetworkTensor {
  /** `null` for an extent that is left open. */
  readonly shape: readonly (number | null)[];
}

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
  { inputs, outputs }: NetworkTensors,
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

/**
 * Refuses a network that is not the one which its manifest describes.
 *
 * @throws {ModelError} If it takes other images, or gives other classes.
 */
export function checkShape(network: NetworkTensors, manifest: ModelManifest): void {
  const problem = shapeProblem(network, manifest);
  if (problem !== null) throw loadError(manifest, problem);
}

/** Says that a model cannot be loaded, and why. */
export function loadError(
  { name, version }: ModelManifest,
  problem: string,
  options?: ErrorOptions,
): ModelError {
  return new ModelError(`Cannot load model "${name}" version ${version}: ${problem}`, options);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((size, extent) => size * extent, 1);
}
