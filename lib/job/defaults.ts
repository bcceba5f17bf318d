/**
 * What a job is where its request says nothing.
 *
 * @module
 */

import type { GanPerturbation, PgdPerturbation } from "../perturb/mod.ts";

/** Data set, attack and trigger. */
export const DEFAULT_DATASET = "mnist";
export const DEFAULT_ATTACK = "single-target";
export const DEFAULT_TRIGGER = "pattern";

/** Network and recipe. */
export const DEFAULT_MODEL = "article";
export const DEFAULT_RECIPE = "one-cycle";

/** Of all random numbers. */
export const DEFAULT_SEED = 1;

/** Kinds of perturbations, the default first. */
export const perturbationKinds = ["pgd", "gan", "none"] as const;

/** Ways to train a proxy, the default first. */
export const proxyKinds: readonly PgdPerturbation["proxy"][] = ["plain", "adversarial"];

/** ART's clean-label notebook: norm 2, eps 5, 200 steps of .1, from the image itself. */
export const pgdDefaults: PgdPerturbation = {
  kind: "pgd",
  norm: 2,
  eps: 5,
  epsStep: 0.1,
  steps: 200,
  randomStarts: 0,
  proxy: "plain",
};

/**
 * Sizes of a perturbation and its steps by norm: what is little in one norm is all in another. Norm 1
 * has no usual budget.
 */
export const budgets = {
  2: { eps: pgdDefaults.eps, epsStep: pgdDefaults.epsStep },
  // ART's own.
  inf: { eps: 0.3, epsStep: 0.1 },
} as const;

/**
 * Measured on MNIST and CIFAR-10. With a quarter as many latent values, CIFAR-10's images come out so
 * blurred that models learn the blur, and not the trigger.
 */
export const ganDefaults: GanPerturbation = {
  kind: "gan",
  latent: 256,
  tau: 0.4,
  steps: 25,
  epochs: 1,
};
