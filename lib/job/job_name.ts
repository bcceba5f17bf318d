/**
 * Names of models, made from what was asked for; and requests as command lines.
 *
 * @module
 */

import { streamSeed } from "../core/random.ts";
import { attackDefinitions } from "../poison/mod.ts";
import { checkModelName } from "../registry/mod.ts";
import { DEFAULT_TRIGGER } from "./defaults.ts";
import type { TrainingJob } from "./job.ts";
import type { NumbersByName, TrainRequest } from "./request.ts";
import { perturbationFields } from "./resolve_perturbation.ts";
import { triggerField } from "./resolve_trigger.ts";

/** Most characters of a name that is made: longer ones break tables, and look alike in lists. */
const LONGEST = 64;

/** Fields of a request that make another model, and so another name, if they are given. */
const telling: readonly (keyof TrainRequest)[] = [
  "source",
  "target",
  "poisonRate",
  ...perturbationFields,
  "depth",
  "recipe",
  "augment",
  "epochs",
  "batchSize",
  "learningRateFactor",
  "seed",
  "limit",
];

/**
 * The name of the model that a job makes: the request's, or else data set, network and attack, then
 * each field that was given and is not one of them. Instead of what would be long, a digest of it.
 *
 * @throws {UsageError} If the request's name is none that the store takes.
 */
export function jobName({ dataset, model, attack }: TrainingJob, request: TrainRequest): string {
  if (request.name !== undefined) {
    checkModelName(request.name);
    return request.name;
  }
  const { trigger = DEFAULT_TRIGGER } = request;
  const named = request.triggerName ??
    (typeof trigger === "string" ? trigger.replaceAll(",", "-") : trigger.kind);
  const stamps = attackDefinitions.find(({ kind }) => kind === attack)?.takes.includes("trigger");
  const base = [dataset, model, ...attack === "none" ? ["clean"] : [attack]];
  if (stamps) base.push(named);
  const options = [
    ...numberParts(request.triggerNumbers),
    ...numberParts(request.attackNumbers),
    ...telling.filter((field) => request[field] !== undefined).map((field) => {
      const word = field.toLowerCase();
      return request[field] === true ? word : `${word}-${request[field]}`;
    }),
  ];
  const name = [...base, ...options].join("-");
  if (name.length <= LONGEST) return name;
  const digest = streamSeed(0, name).toString(16).padStart(8, "0");
  return `${base.join("-").slice(0, LONGEST - digest.length - 1)}-${digest}`;
}

function numberParts(numbers: NumbersByName = {}): string[] {
  return Object.entries(numbers).map(([name, value]) => `${name.toLowerCase()}-${value}`);
}

/** `poisonRate` as `--poison-rate`. */
export function spellFlag(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * A request as arguments of `train`: `["--attack", "none"]`.
 *
 * @throws {TypeError} If its trigger is a manifest, which no flag can give.
 */
export function argumentsOf(request: TrainRequest): string[] {
  return Object.entries(request).flatMap(([field, value]) => {
    if (value === undefined) return [];
    if (field === "triggerNumbers" || field === "attackNumbers") {
      return Object.entries<number>(value).flatMap(([name, number]) => [
        spellFlag(field === "triggerNumbers" ? triggerField(name) : name),
        String(number),
      ]);
    }
    if (typeof value === "object") {
      throw new TypeError(`Cannot write ${field} as an argument: it must be a word or a number`);
    }
    return value === true ? [spellFlag(field)] : [spellFlag(field), String(value)];
  });
}
