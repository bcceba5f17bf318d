/**
 * Attacks by name.
 *
 * @module
 */

import { findByName } from "../core/find_by_name.ts";
import { completeNumbers } from "../core/parameter.ts";
import type {
  Attack,
  AttackManifest,
  AttackOptions,
  AttackTake,
  PoisoningOptions,
  PoisoningPlan,
} from "./attack.ts";
import { carryOut, countPoisoned } from "./carry_out.ts";
import { attackDefinitions } from "./definitions.ts";
import { requireClass, requireTrigger } from "./require.ts";

/**
 * Makes the attack of a kind.
 *
 * @param kind A kind in `attackDefinitions`, for example `"single-target"`.
 * @param options Trigger, classes, source and target.
 * @throws {NotFoundError} If there is no such kind; names those there are.
 * @throws {RangeError} If an option is missing or out of range.
 *
 * @example
 * ```ts
 * import { createTrigger } from "../trigger/mod.ts";
 * import { createAttack } from "./create_attack.ts";
 * import assert from "node:assert/strict";
 *
 * const attack = createAttack("single-target", {
 *   trigger: createTrigger("pattern"),
 *   target: 7,
 *   classes: 10,
 * });
 * const clean = {
 *   images: { data: new Float32Array(9 * 28 * 28), shape: [9, 28, 28, 1] as const },
 *   labels: Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8),
 * };
 * const set = await attack.poison(clean, { rate: 0.25, seed: 1 });
 * assert.equal(set.manifest.poisoned, 3);
 * assert.deepEqual([...set.labels.subarray(9)], [7, 7, 7]);
 * ```
 */
export function createAttack(kind: string, options: AttackOptions): Attack {
  const definition = findByName(attackDefinitions, kind, "Cannot make attack: kind");
  const takes = (option: AttackTake) => definition.takes.includes(option);
  const { source = "all", target = 0, classes, withReplacement = true } = options;
  const trigger = takes("trigger") ? requireTrigger(options.trigger, kind) : null;
  if (takes("target")) requireClass(target, { name: "target", classes });
  if (takes("source") && source !== "all") requireClass(source, { name: "source", classes });
  if (takes("source") && source === target) {
    throw new RangeError(
      `Cannot make attack ${kind}: source must be another class than target, got ${source} for both`,
    );
  }
  const numbers = completeNumbers(
    definition.parameters ?? {},
    options.numbers ?? {},
    `Cannot make attack ${kind}`,
  );
  const perturbation = takes("perturbation") ? options.perturbation ?? null : null;
  const { targetOf, plan } = definition.create({
    ...{ source, target, classes, withReplacement, numbers },
  });
  const planOf = (labels: Uint8Array, poisoning: PoisoningOptions): PoisoningPlan =>
    definition.rate === null
      ? {}
      : requirePoisoned(plan(labels, poisoning), { labels, ...poisoning });

  const manifest: Omit<AttackManifest, "poisonRate" | "poisoned"> = {
    kind,
    trigger: trigger?.manifest ?? null,
    source: takes("source") ? source : "all",
    target: takes("target") ? target : null,
    targets: Array.from({ length: classes }, (_, label) => targetOf(label)),
    perturbation: takes("perturbation") ? perturbation?.manifest ?? { kind: "none" } : null,
    ...takes("perturbation") ? { withReplacement } : {},
    ...Object.keys(numbers).length > 0 ? { numbers } : {},
  };
  return {
    kind,
    trigger,
    targetOf,
    check: (labels, rate) => void planOf(labels, { rate, seed: 0 }),
    async poison(clean, poisoning) {
      const chosen = planOf(clean.labels, poisoning);
      const perturb = perturbation?.perturb ?? null;
      const poisonRate = definition.rate === null ? 0 : poisoning.rate;
      return {
        ...await carryOut(clean, chosen, { trigger, perturb }),
        manifest: { ...manifest, poisonRate, poisoned: countPoisoned(chosen) },
      };
    },
  };
}

/** A set without a poisoned image would be a clean one under the name of an attack. */
function requirePoisoned(
  plan: PoisoningPlan,
  { labels, rate }: { labels: Uint8Array; rate: number },
): PoisoningPlan {
  if (rate === 0 || countPoisoned(plan) > 0) return plan;
  throw new RangeError(
    `Cannot poison a training set: rate must make at least one poisoned image of its ` +
      `${labels.length}, got ${rate}; raise the rate or take more images`,
  );
}
