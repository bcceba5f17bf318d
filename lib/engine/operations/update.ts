/**
 * What becomes of a gradient of weights.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import { updateCall } from "../optimizer.ts";
import { type Call, call } from "../plan.ts";
import type { StoredParameter } from "../weights.ts";

/** The gradient of a run of weights. */
export interface WeightGradient {
  /** Bytes from the parameter's begin to the first of them. */
  readonly at: number;
  /** Gradients are the sum of this many arrays. */
  readonly parts: number;
  /** Bytes from one of them to the next. */
  readonly partPitch: number;
  readonly gradients: number;
  readonly count: number;
}

/** The optimizer's step, or in a program that gathers, the gradient where it is gathered. */
export function updateCalls(
  stored: StoredParameter,
  { at, parts, partPitch, gradients, count }: WeightGradient,
  { gathers, compilation: { optimizer, weights } }: Builder,
): readonly Call[] {
  if (!gathers) {
    return [
      updateCall(optimizer, {
        weights: stored.address + at,
        first: stored.first + at,
        second: stored.second + at,
        gradients,
        parts,
        partPitch,
        count,
      }),
    ];
  }
  const to = weights.gathered(stored) + at;
  return Array.from(
    { length: parts },
    (_, part) =>
      part === 0
        ? call("copy", gradients, to, count * 4)
        : call("add", to, gradients + part * partPitch, count, 0, to),
  );
}
