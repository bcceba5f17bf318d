/**
 * `deno task defend`: is a model, a training set or an input backdoored, and can it be mended?
 *
 * @module
 */

import type { Command } from "commander";
import { inputDefences, modelDefences, rowDefences } from "../lib/defence/mod.ts";
import { DEFAULT_CLEAN } from "../lib/job/mod.ts";
import { architectures } from "../lib/model/mod.ts";
import { integer, MODEL_ADDRESS, oneOf } from "./cli/arguments.ts";
import { type CommandResult, createCommand, main } from "./cli/cli.ts";
import { names } from "./cli/flags.ts";
import { kvOption } from "./cli/kv.ts";
import { isTurbo, runInTurbo, turboOption } from "./cli/turbo.ts";
import { workersOption } from "./cli/workers.ts";
import { type CalibrateFlags, defendCalibrate } from "./defend/defend_calibrate.ts";
import { type DataFlags, defendData } from "./defend/defend_data.ts";
import { defendInput, type InputFlags } from "./defend/defend_input.ts";
import { defendModel, type ModelFlags } from "./defend/defend_model.ts";
import {
  addClean,
  addMethod,
  addRate,
  inRoom,
  type Room,
  type SharedFlags,
} from "./defend/room.ts";

const command = createCommand(
  "defend",
  "Ask whether a model, a training set or an input is backdoored, and mend a model.",
  [
    "defend model mnist-article-single-target-pattern",
    "defend data mnist-article-single-target-pattern --method discriminant",
    "defend input fixtures/samples/7.png --model mnist-article-single-target-pattern",
    "defend calibrate --model badnets --out calibration.json",
  ],
)
  .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
  .option("--seed <n>", "seed of all random numbers (default: 1)", integer(0, 2 ** 32 - 1))
  .addOption(workersOption("threads"))
  .addOption(turboOption())
  .addOption(kvOption())
  .configureHelp({ showGlobalOptions: true });

const model = command.command("model")
  .description("is a model backdoored? Compares it with clean models of its kind")
  .argument("<model>", `stored or bundled: ${MODEL_ADDRESS}`)
  .action((which: string, flags: ModelFlags) => run((room) => defendModel(which, flags, room)));
addPictures(addCalibration(addRate(addClean(addMethod(model, modelDefences), DEFAULT_CLEAN))));

const data = command.command("data")
  .description("is a training set poisoned? Compares it with clean ones")
  .argument(
    "<set>",
    "a .npz file of poison, a data set, or a model, whose training set is made again",
  )
  .option("--model <name>", `a model that was trained on the set: ${MODEL_ADDRESS}`)
  .action((which: string, flags: DataFlags) => run((room) => defendData(which, flags, room)));
addPictures(addCalibration(addRate(addClean(addMethod(data, rowDefences), DEFAULT_CLEAN))));

const input = command.command("input")
  .description("does an image carry a trigger? Compares it with clean images")
  .argument("<image>", "the image, PNG or JPEG")
  .requiredOption("--model <name>", `the model that is to classify it: ${MODEL_ADDRESS}`)
  .option("--invert", "turn light into dark first, for dark ink on light paper")
  .action((file: string, flags: InputFlags) => run((room) => defendInput(file, flags, room)));
addPictures(addRate(addClean(addMethod(input, inputDefences), DEFAULT_CLEAN)));

command.command("calibrate")
  .description("train clean models and inspect them: what verdicts on others are judged by")
  .requiredOption("--out <file>", "where to write it; a file that is there is gone on with")
  .option("--dataset <name>", "data set (default: mnist)")
  .option("--model <name>", "network (default: article)", oneOf(names(architectures)))
  .option("--depth <n>", "layers of resnet, 6n + 2 (default: 20)", integer(8, 1202))
  .option("--epochs <n>", "passes over the training set (default: the recipe's)", integer(1, 1000))
  .option(
    "--limit <n>",
    "take the first n training images of a seeded shuffle (default: all)",
    integer(1, 10_000_000),
  )
  .option("--models <n>", "how many clean models", integer(5, 1000), 20)
  .option("--first-seed <n>", "seed of the first model", integer(0, 2 ** 32 - 1001), 1001)
  .option(
    "--clean <n>",
    "clean images that each defence is given",
    integer(200, 1e7),
    DEFAULT_CLEAN,
  )
  .option("--no-rows", "leave out the defences of training sets")
  .action((flags: CalibrateFlags) =>
    run(
      (room) => defendCalibrate(flags, room),
      "the models until now are in the file; run the command again to go on",
    )
  );

if (import.meta.main) await main(command);

async function run(
  work: (room: Room) => Promise<CommandResult>,
  consequence?: string,
): Promise<void> {
  const flags = command.opts<SharedFlags>();
  if (flags.turbo && !isTurbo()) return await runInTurbo(import.meta.url, Deno.args);
  await inRoom(flags, work, consequence);
}

function addCalibration(part: Command): Command {
  return part.option(
    "--calibration <file>",
    "clean models to compare with, of defend calibrate (default: those of the project)",
  );
}

function addPictures(part: Command): Command {
  return part.option("--out <folder>", "write pictures of what is found there, as PNG");
}
