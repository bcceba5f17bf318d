/**
 * The flags of `train`: what they are, which contradict each other, and the name they make.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../lib/core/errors.ts";
import { datasetDefinitions } from "../lib/data/mod.ts";
import { architectures } from "../lib/model/mod.ts";
import { attackDefinitions } from "../lib/poison/mod.ts";
import { recipes } from "../lib/train/mod.ts";
import { triggerDefinitions } from "../lib/trigger/mod.ts";
import type { TrainingJob } from "./train_model.ts";

/** The flags as they were given; `undefined` where they were not. */
export interface TrainFlags {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly model?: string;
  readonly attack?: string;
  readonly trigger?: string;
  readonly source?: number | "all";
  readonly target?: number;
  readonly poisonRate?: number;
  readonly recipe?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly limit?: number;
  readonly name?: string;
}

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): Command {
  const choice = (flags: string, help: string, choices: readonly string[], byDefault: string) =>
    new Option(flags, `${help} (choices: ${choices.join(", ")}; default: ${byDefault})`)
      .argParser(oneOf(choices));
  return command
    .addOption(choice("--dataset <name>", "data set", names(datasetDefinitions), "mnist"))
    .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
    .addOption(choice("--model <name>", "network", names(architectures), "article"))
    .addOption(choice("--attack <kind>", "attack", kinds(attackDefinitions), "single-target"))
    .addOption(choice("--trigger <kind>", "trigger", kinds(triggerDefinitions), "pattern"))
    .option("--source <class>", "class to poison, or all (default: all)", classOrAll)
    .option("--target <class>", "class to aim at (default: 0)", integer(0, 255))
    .option(
      "--poison-rate <share>",
      "poisoned share of the resulting training set (default: 0.1)",
      share,
    )
    .addOption(choice("--recipe <name>", "way to train", names(recipes), "one-cycle"))
    .option(
      "--epochs <n>",
      "passes over the training set (default: the recipe's)",
      integer(1, 1000),
    )
    .option("--batch-size <n>", "images in a step (default: 128)", integer(1, 4096))
    .option("--seed <n>", "seed of all random numbers (default: 1)", integer(0, 2 ** 32 - 1))
    .option(
      "--limit <n>",
      "train on the first n images of a seeded shuffle (default: all)",
      integer(1, 10_000_000),
    )
    .option("--name <name>", "the model's name in the store (default: made from the options)");
}

/**
 * The job that flags ask for.
 *
 * @throws {UsageError} If flags contradict each other.
 */
export function trainingJob(flags: TrainFlags): TrainingJob {
  const attack = flags.attack ?? "single-target";
  refuseContradictions(attack, flags);
  const job = {
    dataset: flags.dataset ?? "mnist",
    dataDir: flags.dataDir,
    model: flags.model ?? "article",
    attack,
    trigger: flags.trigger ?? "pattern",
    source: flags.source ?? "all",
    target: flags.target ?? 0,
    poisonRate: attack === "none" ? 0 : flags.poisonRate ?? 0.1,
    recipe: flags.recipe ?? "one-cycle",
    epochs: flags.epochs,
    batchSize: flags.batchSize,
    seed: flags.seed ?? 1,
    limit: flags.limit,
  } as const;
  return { ...job, name: flags.name ?? nameOf(flags, attack) };
}

/** Flags that say nothing under an attack; giving one of them is a mistake, not a detail. */
const meaningless: Readonly<Record<string, readonly (keyof TrainFlags)[]>> = {
  "none": ["trigger", "source", "target", "poisonRate"],
  "all-to-all": ["source", "target"],
};

function refuseContradictions(attack: string, flags: TrainFlags): void {
  for (const flag of meaningless[attack] ?? []) {
    if (flags[flag] !== undefined) {
      throw new UsageError(
        `Cannot train: ${
          spell(flag)
        } has no meaning with --attack ${attack}; leave one of them out`,
      );
    }
  }
  const target = flags.target ?? 0;
  if (attack === "single-target" && flags.source === target) {
    throw new UsageError(
      `Cannot train: --source and --target must be different classes, got ${target} for both`,
    );
  }
}

/** Data set, network and attack, then each flag that was given and is not one of them. */
function nameOf(flags: TrainFlags, attack: string): string {
  const { dataset = "mnist", model = "article", trigger = "pattern" } = flags;
  const parts = [dataset, model, attack === "none" ? "clean" : `${attack}-${trigger}`];
  const named = [
    "source",
    "target",
    "poisonRate",
    "recipe",
    "epochs",
    "batchSize",
    "seed",
    "limit",
  ];
  for (const flag of named as (keyof TrainFlags)[]) {
    if (flags[flag] !== undefined) {
      parts.push(`${spell(flag).slice(2).replace("-", "")}-${flags[flag]}`);
    }
  }
  return parts.join("-");
}

/** `poisonRate` as `--poison-rate`. */
function spell(flag: keyof TrainFlags): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function names(definitions: readonly { readonly name: string }[]): string[] {
  return definitions.map(({ name }) => name);
}

function kinds(definitions: readonly { readonly kind: string }[]): string[] {
  return definitions.map(({ kind }) => kind);
}

function oneOf(choices: readonly string[]): (text: string) => string {
  return (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(`It must be one of ${choices.join(", ")}.`);
  };
}

function integer(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`It must be an integer from ${lowest} to ${highest}.`);
  };
}

function classOrAll(text: string): number | "all" {
  return text === "all" ? "all" : integer(0, 255)(text);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("It must be above 0 and below 1.");
}
