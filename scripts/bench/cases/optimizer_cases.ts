/**
 * The optimizers' steps.
 *
 * @module
 */

import { formatCountOf } from "../../../lib/core/format.ts";
import type { KernelCase } from "./kernel_case.ts";

/** Weights of the article's network. */
const WEIGHTS = 1_199_882;

/** Each optimizer's step over all weights of a network. */
export function optimizerCases(): KernelCase[] {
  const size = `article: ${formatCountOf(WEIGHTS, "weight")}`;
  return [
    {
      kernel: "adam",
      size,
      prepare(module, arena) {
        const [weights, gradient] = [arena.floats(WEIGHTS), arena.floats(WEIGHTS)];
        const [first, second] = [arena.bytes(WEIGHTS * 4), arena.bytes(WEIGHTS * 4)];
        const rates = [0.001, 0.9, 0.999, 1, 1e-7, 0] as const;
        return () =>
          module.adam(weights, first, second, gradient, 1, WEIGHTS * 4, WEIGHTS, ...rates);
      },
    },
    {
      kernel: "sgd",
      size,
      prepare(module, arena) {
        const [weights, gradient] = [arena.floats(WEIGHTS), arena.floats(WEIGHTS)];
        const velocity = arena.bytes(WEIGHTS * 4);
        const rates = [0.001, 0.9, 0, 0] as const;
        return () => module.sgd(weights, velocity, gradient, 1, WEIGHTS * 4, WEIGHTS, ...rates);
      },
    },
  ];
}
