/**
 * From a request to a perturbation.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import type { Norm, PerturbationNumbers, PgdNumbers } from "../perturb/mod.ts";
import { budgets, ganDefaults, perturbationKinds, pgdDefaults } from "./defaults.ts";
import type { PerturbationRequest } from "./request.ts";
import { asItIs, type ResolveOptions } from "./resolve_options.ts";

/** The numbers of each perturbation. */
const fieldsOf = {
  pgd: ["norm", "eps", "epsStep", "steps", "randomStarts", "proxy"],
  gan: ["latent", "tau", "steps", "ganEpochs"],
  none: [],
} as const satisfies Record<PerturbationNumbers["kind"], readonly (keyof PerturbationRequest)[]>;

/** Those of any perturbation, each once. */
const numberFields = [...new Set(Object.values(fieldsOf).flat())];

/** All fields of a request that say how images are perturbed. */
export const perturbationFields = [
  ...["perturbation", ...numberFields, "withoutReplacement"] as const,
];

/**
 * The perturbation that is asked for.
 *
 * @throws {UsageError} If fields contradict each other.
 */
export function resolvePerturbation(
  request: PerturbationRequest,
  { spell = asItIs }: Pick<ResolveOptions, "spell"> = {},
): PerturbationNumbers {
  const { perturbation = perturbationKinds[0] } = request;
  const own: readonly string[] = fieldsOf[perturbation];
  const idle = numberFields.find((field) => request[field] !== undefined && !own.includes(field));
  if (idle !== undefined) {
    throw new UsageError(
      `Cannot make attack: ${spell(idle)} cannot be combined with ${spell("perturbation")} ` +
        `${perturbation}, for which it has no meaning, got ${request[idle]}; leave one of them out`,
    );
  }
  switch (perturbation) {
    case "none":
      return { kind: "none" };
    case "gan":
      return {
        kind: "gan",
        latent: request.latent ?? ganDefaults.latent,
        tau: request.tau ?? ganDefaults.tau,
        steps: request.steps ?? ganDefaults.steps,
        epochs: request.ganEpochs ?? ganDefaults.epochs,
      };
    case "pgd": {
      const { norm = pgdDefaults.norm } = request;
      return {
        kind: "pgd",
        norm,
        ...budgetOf(norm, request, spell),
        steps: request.steps ?? pgdDefaults.steps,
        randomStarts: request.randomStarts ?? pgdDefaults.randomStarts,
        proxy: request.proxy ?? pgdDefaults.proxy,
      };
    }
  }
}

function budgetOf(
  norm: Norm,
  { eps, epsStep }: PerturbationRequest,
  spell: (option: string) => string,
): Pick<PgdNumbers, "eps" | "epsStep"> {
  const budget = norm === 1 ? null : budgets[norm];
  if (budget === null && (eps === undefined || epsStep === undefined)) {
    throw new UsageError(
      `Cannot make attack: ${spell("eps")} and ${spell("epsStep")} must be given with ` +
        `${spell("norm")} 1, which has no usual budget, got ${eps ?? "none"} and ` +
        `${epsStep ?? "none"}`,
    );
  }
  return { eps: eps ?? budget!.eps, epsStep: epsStep ?? budget!.epsStep };
}
