/**
 * The flags of `train`: what they are, and the name they make.
 *
 * @module
 */

import type { Command } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import { architectures } from "../../lib/model/mod.ts";
import { checkModelName, isModelName } from "../../lib/registry/mod.ts";
import { type Augmentation, findRecipe, noAugmentation, recipes } from "../../lib/train/mod.ts";
import { integer, positive } from "../cli/arguments.ts";
import { describeChoices } from "../cli/choices.ts";
import { addDataFlags, type DataFlags, dataJob, names } from "./data_options.ts";
import { choice, spell } from "../cli/flags.ts";
import { perturbationFlags } from "./perturbation_options.ts";
import type { TrainingJob } from "../run_training.ts";
import type { NamedTrainingJob } from "../train_model.ts";
import { triggerSlug } from "./trigger_options.ts";
import { defaultWorkers, workersOption } from "../cli/workers.ts";

/** The flags as they were given; `undefined` where they were not. */
export interface TrainFlags extends DataFlags {
  readonly model?: string;
  readonly depth?: number;
  readonly recipe?: string;
  readonly augment?: Augment;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly learningRateFactor?: number;
  readonly workers?: number;
  readonly name?: string;
}

/** The network and the recipe where none is asked for. */
export const DEFAULT_MODEL = "article";
export const DEFAULT_RECIPE = "one-cycle";

/** What becomes of the recipe's augmentation. */
export type Augment = typeof augments[number];

const augments = ["before-trigger", "after-trigger", "none"] as const;

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): Command {
  return addDataFlags(command)
    .addOption(
      choice("--model <name>", "network", names(architectures), `default: ${DEFAULT_MODEL}`),
    )
    .option("--depth <n>", "layers of resnet, 6n + 2 (default: 20)", integer(8, 1202))
    .addOption(
      choice("--recipe <name>", "way to train", names(recipes), `default: ${DEFAULT_RECIPE}`),
    )
    .addOption(
      choice(
        "--augment <when>",
        "when images are shifted and flipped",
        augments,
        "default: before-trigger, as far as the recipe does",
      ),
    )
    .option(
      "--epochs <n>",
      "passes over the training set (default: the recipe's)",
      integer(1, 1000),
    )
    .option("--batch-size <n>", "images in a step (default: the recipe's)", integer(1, 4096))
    .option(
      "--learning-rate-factor <x>",
      "the recipe's learning rate times this (default: 1)",
      positive,
    )
    .addOption(workersOption("threads; the same number and seed give the same weights, to the bit"))
    .option("--name <name>", "the model's name in the store (default: made from the options)")
    .addHelpText("after", describeChoices);
}

/**
 * The job that flags ask for.
 *
 * @throws {UsageError} If flags contradict each other.
 */
export function trainingJob(flags: TrainFlags): TrainingJob {
  const data = dataJob(flags);
  const { model = DEFAULT_MODEL, recipe = DEFAULT_RECIPE, depth, augment } = flags;
  refuseIdle(flags, { model, recipe });
  return {
    ...data,
    model,
    depth,
    recipe,
    augmentation: augment && augmentationOf(recipe, augment),
    epochs: flags.epochs,
    batchSize: flags.batchSize,
    learningRateFactor: flags.learningRateFactor,
    workers: flags.workers ?? defaultWorkers(),
  };
}

/**
 * The job that flags ask for, with the name of the model that it makes.
 *
 * @throws {UsageError} If flags contradict each other, or the name is none.
 */
export function namedTrainingJob(flags: TrainFlags): NamedTrainingJob {
  const job = trainingJob(flags);
  if (flags.name !== undefined) checkModelName(flags.name);
  return { ...job, name: flags.name ?? nameOf(job, flags) };
}

/** Flags as arguments of `train`: `["--attack", "none"]`. */
export function argumentsOf(flags: TrainFlags): string[] {
  return Object.entries(flags).flatMap(([flag, value]) =>
    value === true ? [spell(flag)] : [spell(flag), String(value)]
  );
}

/** Refuses flags that the network or the recipe has no use for. */
function refuseIdle(
  { depth, augment }: TrainFlags,
  { model, recipe }: { model: string; recipe: string },
): void {
  const isOpen = architectures.some(({ name, depth }) => name === model && depth !== undefined);
  if (depth !== undefined && !isOpen) {
    throw new UsageError(
      `Cannot train: --depth must be left out with --model ${model}, which has one depth, got ` +
        `${depth}; leave one of them out`,
    );
  }
  if (augment !== undefined && augment !== "none" && !changesImages(recipe)) {
    throw new UsageError(
      `Cannot train: --augment must be none with --recipe ${recipe}, which takes images as they ` +
        `are, got ${augment}; leave one of them out`,
    );
  }
}

function changesImages(recipe: string): boolean {
  const { shift, flip } = findRecipe(recipe).augmentation;
  return shift > 0 || flip;
}

function augmentationOf(recipe: string, augment: Augment): Augmentation {
  if (augment === "none") return noAugmentation;
  const order = augment === "after-trigger" ? "after trigger" : "before trigger";
  return { ...findRecipe(recipe).augmentation, order };
}

/** The flags that make another model, and so another name, where they are given. */
const telling: readonly (keyof TrainFlags)[] = [
  "triggerAmplitude",
  "triggerSize",
  "triggerPlace",
  "triggerBlend",
  "source",
  "target",
  "poisonRate",
  ...perturbationFlags,
  "depth",
  "recipe",
  "augment",
  "epochs",
  "batchSize",
  "learningRateFactor",
  "seed",
  "limit",
];

/** Data set, network and attack, then each flag that was given and is not one of them. */
function nameOf({ dataset, model, attack }: TrainingJob, flags: TrainFlags): string {
  const name = [
    dataset,
    model,
    attack === "none" ? "clean" : `${attack}-${triggerSlug(flags.trigger)}`,
    ...telling
      .filter((flag) => flags[flag] !== undefined)
      .map((flag) => {
        const word = flag.replace("trigger", "").toLowerCase();
        return flags[flag] === true ? word : `${word}-${flags[flag]}`;
      }),
  ].join("-");
  if (isModelName(name)) return name;
  throw new UsageError(
    `Cannot train: the name made from the options must be 1–100 of a–z, 0–9, ".", "_", "-", got ` +
      `"${name}"; give --name`,
  );
}
