/**
 * The flags of `train`: what they are, and the name they make.
 *
 * @module
 */

import type { Command } from "commander";
import { UsageError } from "../lib/core/errors.ts";
import { architectures } from "../lib/model/mod.ts";
import { checkModelName, isModelName } from "../lib/registry/mod.ts";
import { recipes } from "../lib/train/mod.ts";
import { integer } from "./arguments.ts";
import { addDataFlags, choice, type DataFlags, dataJob, names, spell } from "./data_options.ts";
import type { NamedTrainingJob } from "./train_model.ts";
import { defaultWorkers, workersOption } from "./workers.ts";

/** The flags as they were given; `undefined` where they were not. */
export interface TrainFlags extends DataFlags {
  readonly model?: string;
  readonly recipe?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly workers?: number;
  readonly name?: string;
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
