/**
 * How models were trained, in words.
 *
 * @module
 */

import { formatCount, formatCountOf } from "../core/format.ts";
import type { PerturbationNumbers } from "../perturb/mod.ts";
import type { Augmentation } from "../train/mod.ts";
import type { CellJob, CellResult } from "./results.ts";

/** Every way in which some cells were trained and their images perturbed, each once. */
export function setupOf(cells: readonly CellResult[]): string[] {
  const jobs = cells.map(({ job }) => job);
  return [
    ...new Set([
      ...jobs.map(describeNetwork),
      ...jobs.flatMap(({ perturbation }) => describePerturbation(perturbation) ?? []),
      ...jobs.flatMap(({ withReplacement }) => describeDraw(withReplacement) ?? []),
    ]),
  ];
}

/** How a network was trained. */
function describeNetwork(
  { model, depth, recipe, epochs, batchSize, learningRateFactor = 1, augmentation }: CellJob,
): string {
  const name = depth === undefined ? model : `${model} of depth ${depth}`;
  const rate = learningRateFactor === 1 ? "" : ` at ${learningRateFactor} times its rate`;
  return `network ${name}, recipe ${recipe}${rate}: ${formatCountOf(epochs, "epoch")} of batches ` +
    `of ${formatCount(batchSize)}, ${describeAugmentation(augmentation)}`;
}

function describeAugmentation({ shift, flip, order }: Augmentation): string {
  const changes = [
    ...shift > 0 ? [`shifted by up to ${formatCountOf(shift, "pixel")}`] : [],
    ...flip ? ["half of them flipped left to right"] : [],
  ];
  if (changes.length === 0) return "images as they are";
  const trigger = order === "after trigger" ? "with the trigger on them" : "before the trigger";
  return `images ${changes.join(" and ")}, ${trigger}`;
}

/** `null` if nothing is done to images. */
export function describePerturbation(perturbation: PerturbationNumbers | undefined): string | null {
  switch (perturbation?.kind) {
    case "pgd": {
      const { norm, eps, epsStep, steps, proxy } = perturbation;
      const model = proxy === "plain" ? "a plain proxy" : "an adversarially trained proxy";
      return `adversarial perturbation: PGD on ${model}, ${steps} steps of ${epsStep}, ` +
        `within ${eps} in L${norm === "inf" ? "∞" : norm}`;
    }
    case "gan": {
      const { latent, tau, steps, epochs } = perturbation;
      return `GAN interpolation: τ = ${tau}, ${steps} steps to find an image among ${latent} ` +
        `latent values, the generator trained for ${formatCountOf(epochs, "epoch")}`;
    }
    default:
      return null;
  }
}

function describeDraw(withReplacement: boolean | undefined): string | null {
  if (withReplacement === undefined) return null;
  return withReplacement
    ? "clean-label images drawn with replacement, as ART does, so that fewer are poisoned: 39 % of " +
      "the class at a share of one half"
    : "clean-label images all different";
}
