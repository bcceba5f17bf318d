/**
 * From a request to the data of a job.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import { findByName } from "../core/find_by_name.ts";
import { datasetDefinitions } from "../data/mod.ts";
import { type AttackDefinition, attackDefinitions, type AttackTake } from "../poison/mod.ts";
import { DEFAULT_ATTACK, DEFAULT_DATASET, DEFAULT_SEED, DEFAULT_TRIGGER } from "./defaults.ts";
import { type DataJob, type NetworkJob, withoutUndefined } from "./job.ts";
import type { DataRequest } from "./request.ts";
import { checkNumbers } from "./check_numbers.ts";
import { perturbationFields, resolvePerturbation } from "./resolve_perturbation.ts";
import { asItIs, type ResolveOptions } from "./resolve_options.ts";
import { resolveTrigger, triggerField } from "./resolve_trigger.ts";

/** The fields of a request that belong to what an attack may take. */
const fieldsOf: Readonly<Record<AttackTake, readonly (keyof DataRequest)[]>> = {
  trigger: ["trigger", "triggerNumbers"],
  source: ["source"],
  target: ["target"],
  perturbation: perturbationFields,
};

/**
 * The data that is asked for.
 *
 * @param options.network The network that a perturbation is aimed at.
 * @throws {UsageError} If fields contradict each other or are out of range.
 * @throws {NotFoundError} If there is no such data set, attack or trigger.
 */
export function resolveData(
  request: DataRequest,
  { network, spell = asItIs }: Pick<ResolveOptions, "spell"> & { readonly network: NetworkJob },
): DataJob {
  const { dataset = DEFAULT_DATASET, attack = DEFAULT_ATTACK, limit } = request;
  const { trigger = DEFAULT_TRIGGER, triggerNumbers, attackNumbers } = request;
  const { source = "all", target = 0, seed = DEFAULT_SEED } = request;
  findByName(datasetDefinitions, dataset, "Cannot load data set: name");
  const definition = findByName(attackDefinitions, attack, "Cannot make attack: kind");
  refuseContradictions(definition, { request, spell });
  refuseSameClass(definition, { source, target, spell });
  if (definition.takes.includes("trigger")) resolveTrigger({ trigger, triggerNumbers }, { spell });
  const perturbs = definition.takes.includes("perturbation");
  const perturbation = perturbs ? resolvePerturbation(request, { spell }) : undefined;
  return withoutUndefined({
    dataset,
    attack,
    attackNumbers,
    trigger,
    triggerNumbers,
    source,
    target,
    poisonRate: definition.rate === null ? 0 : request.poisonRate ?? definition.rate.default,
    seed,
    limit,
    perturbation,
    withReplacement: perturbs ? !request.withoutReplacement : undefined,
    proxyNetwork: perturbs && perturbation?.kind !== "none" ? network : undefined,
  });
}

/**
 * Refuses what an attack does not take: to give it is a mistake, not a detail.
 *
 * @throws {UsageError} If the request has such a field, or a number out of range.
 */
export function refuseContradictions(
  { kind, takes, rate, parameters = {} }: AttackDefinition,
  { request, spell }: { request: DataRequest; spell: (option: string) => string },
): void {
  const idle = (Object.keys(fieldsOf) as AttackTake[])
    .filter((option) => !takes.includes(option))
    .flatMap((option) => fieldsOf[option]);
  if (rate === null) idle.push("poisonRate");
  const given = idle.find((field) => request[field] !== undefined);
  if (given !== undefined) {
    const { name, value } = spelled(given, { request, spell });
    throw new UsageError(
      `Cannot make attack: ${name} cannot be combined with ${spell("attack")} ${kind}, for which ` +
        `it has no meaning, got ${value}; leave one of them out`,
    );
  }
  checkNumbers(request.attackNumbers, {
    what: `Cannot make attack ${kind}`,
    takers: attackDefinitions.map(({ kind, parameters = {} }) => ({ kind, parameters })),
    taken: [parameters],
    nameOf: spell,
  });
}

/** Refuses an attack on a class that is its own target. */
export function refuseSameClass(
  { takes }: AttackDefinition,
  { source, target, spell }: {
    source: number | "all";
    target: number;
    spell: (option: string) => string;
  },
): void {
  if (!takes.includes("source") || source !== target) return;
  throw new UsageError(
    `Cannot make attack: ${spell("source")} and ${
      spell("target")
    } must be different classes, got ` +
      `${target} for both`,
  );
}

/** A field of a request as a message names it, and its value. */
function spelled(
  field: keyof DataRequest,
  { request, spell }: { request: DataRequest; spell: (option: string) => string },
): { name: string; value: string } {
  const value = request[field];
  if (field === "triggerNumbers") {
    const [[name, number] = ["", ""]] = Object.entries(request.triggerNumbers ?? {});
    return { name: spell(triggerField(name)), value: String(number) };
  }
  const isManifest = typeof value === "object";
  return { name: spell(field), value: isManifest ? "a trigger of its own" : String(value) };
}
