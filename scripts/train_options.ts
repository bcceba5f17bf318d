/**
 * The flags of `train`, some of which `poison` shares: what they are, which contradict each other, and
 * the name they make.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { UsageError } from "../lib/core/errors.ts";
import { datasetDefinitions } from "../lib/data/mod.ts";
import { architectures } from "../lib/model/mod.ts";
import { attackDefinitions } from "../lib/poison/mod.ts";
import { checkModelName, isModelName } from "../lib/registry/mod.ts";
import { recipes } from "../lib/train/mod.ts";
import { triggerDefinitions } from "../lib/trigger/mod.ts";
import { integer, oneOf, share } from "./arguments.ts";
import type { NamedTrainingJob } from "./train_model.ts";
import type { DataJob } from "./training_data.ts";
import { defaultWorkers, workersOption } from "./workers.ts";

/** The flags that say which data and what is done to it; `undefined` where they were not given. */
export interface DataFlags {
  readonly dataset?: string;
  readonly dataDir?: string;
  readonly attack?: string;
  readonly trigger?: string;
  readonly source?: number | "all";
  readonly target?: number;
  readonly poisonRate?: number;
  readonly seed?: number;
  readonly limit?: number;
}

/** The flags as they were given; `undefined` where they were not. */
export interface TrainFlags extends DataFlags {
  readonly model?: string;
  readonly recipe?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly workers?: number;
  readonly name?: string;
}

const DEFAULT_DATASET = "mnist";

/**
 * Adds the flags that say which data and what is done to it to a command.
 *
 * @param options.dataset What is said of the default data set.
 */
export function addDataFlags(
  command: Command,
  { dataset = `default: ${DEFAULT_DATASET}` }: { dataset?: string } = {},
): Command {
  return command
    .addOption(choice("--dataset <name>", "data set", names(datasetDefinitions), dataset))
    .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
    .addOption(
      choice("--attack <kind>", "attack", kinds(attackDefinitions), "default: single-target"),
    )
    .addOption(choice("--trigger <kind>", "trigger", kinds(triggerDefinitions), "default: pattern"))
    .option("--source <class>", "class to poison, or all (default: all)", classOrAll)
    .option("--target <class>", "class to aim at (default: 0)", integer(0, 255))
    .option(
      "--poison-rate <share>",
      "poisoned share of the resulting training set (default: 0.1)",
      share,
    )
    .option("--seed <n>", "seed of all random numbers (default: 1)", integer(0, 2 ** 32 - 1))
    .option(
      "--limit <n>",
      "take the first n training images of a seeded shuffle (default: all)",
      integer(1, 10_000_000),
    );
}

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): Command {
  return addDataFlags(command)
    .addOption(choice("--model <name>", "network", names(architectures), "default: article"))
    .addOption(choice("--recipe <name>", "way to train", names(recipes), "default: one-cycle"))
    .option(
      "--epochs <n>",
      "passes over the training set (default: the recipe's)",
      integer(1, 1000),
    )
    .option("--batch-size <n>", "images in a step (default: 128)", integer(1, 4096))
    .addOption(workersOption())
    .option("--name <name>", "the model's name in the store (default: made from the options)");
}

function choice(flags: string, help: string, choices: readonly string[], note: string): Option {
  return new Option(flags, `${help} (choices: ${choices.join(", ")}; ${note})`)
    .argParser(oneOf(choices));
}

/**
 * The data that flags ask for.
 *
 * @throws {UsageError} If flags contradict each other.
 */
export function dataJob(flags: DataFlags): DataJob {
  const { attack = "single-target" } = flags;
  refuseContradictions(attack, flags);
  return {
    dataset: flags.dataset ?? DEFAULT_DATASET,
    dataDir: flags.dataDir,
    attack,
    trigger: flags.trigger ?? "pattern",
    source: flags.source ?? "all",
    target: flags.target ?? 0,
    poisonRate: attack === "none" ? 0 : flags.poisonRate ?? 0.1,
    seed: flags.seed ?? 1,
    limit: flags.limit,
  };
}

/**
 * The job that flags ask for.
 *
 * @throws {UsageError} If flags contradict each other, or the name is none.
 */
export function trainingJob(flags: TrainFlags): NamedTrainingJob {
  const data = dataJob(flags);
  if (flags.name !== undefined) checkModelName(flags.name);
  return {
    ...data,
    model: flags.model ?? "article",
    recipe: flags.recipe ?? "one-cycle",
    epochs: flags.epochs,
    batchSize: flags.batchSize,
    workers: flags.workers ?? defaultWorkers(),
    name: flags.name ?? nameOf(data.attack, flags),
  };
}

/** Flags as arguments of `train`: `["--attack", "none"]`. */
export function argumentsOf(flags: TrainFlags): string[] {
  return Object.entries(flags).flatMap(([flag, value]) => [spell(flag), String(value)]);
}

/** Flags that say nothing under an attack; giving one of them is a mistake, not a detail. */
const meaningless: Readonly<Record<string, readonly (keyof DataFlags)[]>> = {
  "none": ["trigger", "source", "target", "poisonRate"],
  "all-to-all": ["source", "target"],
};

function refuseContradictions(attack: string, flags: DataFlags): void {
  const idle = meaningless[attack]?.find((flag) => flags[flag] !== undefined);
  if (idle !== undefined) {
    throw new UsageError(
      `Cannot make attack: ${
        spell(idle)
      } must be left out with --attack ${attack}, where it has no ` +
        `meaning, got ${flags[idle]}; leave one of them out`,
    );
  }
  const { source, target = 0 } = flags;
  if (attack === "single-target" && source === target) {
    throw new UsageError(
      `Cannot make attack: --source and --target must be different classes, got ${target} for both`,
    );
  }
}

/** The flags that make another model, and so another name, where they are given. */
const telling: readonly (keyof TrainFlags)[] = [
  "source",
  "target",
  "poisonRate",
  "recipe",
  "epochs",
  "batchSize",
  "seed",
  "limit",
];

/** Data set, network and attack, then each flag that was given and is not one of them. */
function nameOf(attack: string, flags: TrainFlags): string {
  const { dataset = "mnist", model = "article", trigger = "pattern" } = flags;
  const name = [
    dataset,
    model,
    attack === "none" ? "clean" : `${attack}-${trigger}`,
    ...telling
      .filter((flag) => flags[flag] !== undefined)
      .map((flag) => `${flag.toLowerCase()}-${flags[flag]}`),
  ].join("-");
  if (isModelName(name)) return name;
  throw new UsageError(
    `Cannot train: the name made from the options must be short enough for the store, got "${name}"; ` +
      "give --name",
  );
}

/** `poisonRate` as `--poison-rate`. */
function spell(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function names(definitions: readonly { readonly name: string }[]): string[] {
  return definitions.map(({ name }) => name);
}

function kinds(definitions: readonly { readonly kind: string }[]): string[] {
  return definitions.map(({ kind }) => kind);
}

function classOrAll(text: string): number | "all" {
  return text === "all" ? "all" : integer(0, 255)(text);
}
