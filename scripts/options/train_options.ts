/**
 * The flags of `train`: what they are, and the request that they make.
 *
 * @module
 */

import type { Command } from "commander";
import { type Augment, defaults, type TrainRequest } from "../../lib/job/mod.ts";
import { architectures } from "../../lib/model/mod.ts";
import { recipes } from "../../lib/train/mod.ts";
import { integer, positive } from "../cli/arguments.ts";
import { describeChoices } from "../cli/choices.ts";
import { choice, given, names } from "../cli/flags.ts";
import { workersOption } from "../cli/workers.ts";
import { addDataFlags, type DataFlags, dataRequest } from "./data_options.ts";
import { triggerName } from "./trigger_options.ts";

/** The flags as they were given; `undefined` if they were not. */
export interface TrainFlags extends DataFlags, NetworkFlags {}

const networkFlags = [
  ...["model", "depth", "recipe", "augment", "epochs", "batchSize"] as const,
  ...["learningRateFactor", "workers", "name"] as const,
];

type NetworkFlags = Pick<TrainRequest, typeof networkFlags[number]>;

const augments: readonly Augment[] = ["before-trigger", "after-trigger", "none"];

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): Command {
  return addDataFlags(command)
    .addOption(
      choice(
        "--model <name>",
        "network",
        names(architectures),
        `default: ${defaults.DEFAULT_MODEL}`,
      ),
    )
    .option("--depth <n>", "layers of resnet, 6n + 2 (default: 20)", integer(8, 1202))
    .addOption(
      choice(
        "--recipe <name>",
        "way to train",
        names(recipes),
        `default: ${defaults.DEFAULT_RECIPE}`,
      ),
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
 * What flags ask for.
 *
 * @throws As `dataRequest`.
 */
export async function trainRequest(flags: TrainFlags): Promise<TrainRequest> {
  const name = triggerName(flags);
  return {
    ...await dataRequest(flags),
    ...given(flags, networkFlags),
    ...name !== undefined && { triggerName: name },
  };
}
