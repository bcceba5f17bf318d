/**
 * Perturbations by their numbers: what is done to images before the trigger.
 *
 * @module
 */

import type { PerturbationNumbers } from "../../perturb/mod.ts";
import type { ImagePerturbation } from "../../poison/mod.ts";
import { ganPerturbation } from "./gan_perturbation.ts";
import type { PerturbationContext } from "./perturbation_context.ts";
import { pgdPerturbation } from "./pgd_perturbation.ts";

/** Makes a perturbation; what takes time is done when it is applied. */
export function createPerturbation(
  numbers: Exclude<PerturbationNumbers, { kind: "none" }>,
  context: PerturbationContext,
): ImagePerturbation {
  switch (numbers.kind) {
    case "pgd":
      return pgdPerturbation(numbers, context);
    case "gan":
      return ganPerturbation(numbers, context);
  }
}
