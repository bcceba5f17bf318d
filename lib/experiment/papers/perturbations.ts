/**
 * The perturbations of clean-label's experiments, by data set.
 *
 * @module
 */

import type { TrainRequest } from "../../job/mod.ts";

/** The strategies of a data set by name; `none` is the paper's baseline. */
export type Strategies = Readonly<Record<"none" | "gan" | "pgd", TrainRequest>>;

const none: TrainRequest = { perturbation: "none" };

const gan: TrainRequest = { perturbation: "gan" };

/** The budget of ART's notebook, whose 200 steps of .1 become 20 of .5. */
export const mnistStrategies: Strategies = {
  none,
  gan,
  pgd: { perturbation: "pgd", norm: 2, eps: 5, epsStep: 0.5, steps: 20 },
};

/** Of the order of the paper's budgets: 600 if pixels are from 0 to 255. */
export const cifar10Strategies: Strategies = {
  none,
  gan,
  pgd: { perturbation: "pgd", norm: 2, eps: 2.35, epsStep: 0.25, steps: 20 },
};
