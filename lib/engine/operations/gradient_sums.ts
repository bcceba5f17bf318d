/**
 * Where threads sum up the gradient of a parameter, image by image.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import type { Parameter } from "../network.ts";
import { type Call, call } from "../plan.ts";

/** The sums of one parameter's gradient, or of none: then nothing is there, and nothing to do. */
export interface Sums {
  readonly floats: number;
  /** For a pass's `own`. */
  readonly own: readonly object[];
  /** A thread's sum; 0 for none. */
  at(thread: number): number;
  /** Sets a thread's sum to zero. */
  clear(thread: number): readonly Call[];
}

/** The sums of a parameter of the program that is built; `null` for a bias that is not there. */
export function gradientSums(parameter: Parameter | null, builder: Builder): Sums {
  if (parameter === null) return { floats: 0, own: [], at: () => 0, clear: () => [] };
  const { length, gradients } = builder.compilation.weights.of(parameter);
  const at = (thread: number) => gradients!.address + thread * gradients!.pitch;
  return {
    floats: length,
    own: [gradients!],
    at,
    clear: (thread) => [call("fill", at(thread), length * 4)],
  };
}
