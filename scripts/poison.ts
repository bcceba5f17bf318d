/**
 * `deno task poison`: stamps a trigger on one image, or writes out a whole poisoned data set.
 *
 * @module
 */

import { UsageError } from "../lib/core/errors.ts";
import { spellFlag } from "../lib/job/mod.ts";
import { createCommand, finish, main } from "./cli/cli.ts";
import { addDataFlags, type DataFlags } from "./options/data_options.ts";
import { perturbationFlags } from "./options/perturbation_options.ts";
import { addDatasetFlags, type DatasetFlags, poisonDataset } from "./poison/poison_dataset.ts";
import { addImageFlags, type ImageFlags, poisonImage } from "./poison/poison_image.ts";

interface PoisonFlags extends DataFlags, ImageFlags, DatasetFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** The flags that have a meaning for an image alone, and those that have one for a data set alone. */
const imageFlags: readonly (keyof PoisonFlags)[] = ["distance", "value", "size", "invert"];
const datasetFlags: readonly (keyof PoisonFlags)[] = [
  ...["format", "shuffle", "dataDir", "attack", "source", "target", "poisonRate"] as const,
  ...["limit", "limitTest", "workers"] as const,
  ...perturbationFlags,
];

const command = createCommand(
  "poison",
  "Stamps a trigger on one image, or writes out a whole poisoned data set.",
  [
    "poison --image fixtures/samples/7.png --out poisoned.png",
    "poison --image fixtures/samples/7.png --trigger pixel --out poisoned.png --force",
    "poison --dataset mnist --out poisoned.npz",
    "poison --dataset mnist --attack all-to-all --poison-rate 0.33 --format png --out poisoned",
  ],
);
addImageFlags(command);
command.option(
  "--out <path>",
  "where to write: a PNG file (default: beside the image, as NAME-poisoned.png), a .npz file, or " +
    "a folder; what stands there is left alone",
).option("--force", "replace what an earlier poison has written there");
addDatasetFlags(
  addDataFlags(command, {
    dataset: "written out whole, and its test images with it, as they are and with the trigger",
  }),
)
  .action(async (flags: PoisonFlags) => await finish(await poison(flags), flags));

if (import.meta.main) await main(command);

async function poison(flags: PoisonFlags) {
  const { image, dataset, out } = flags;
  if ((image === undefined) === (dataset === undefined)) {
    throw new UsageError(
      `Cannot poison: either --image or --dataset must be given, got ` +
        `${image === undefined ? "none" : "both"}; give one of them`,
    );
  }
  if (image !== undefined) {
    refuse(flags, { idle: datasetFlags, beside: "--image" });
    return await poisonImage({ ...flags, image });
  }
  refuse(flags, { idle: imageFlags, beside: "--dataset" });
  if (out === undefined) {
    throw new UsageError(
      "Cannot poison a data set: --out must be given, got none; give a .npz file or, with " +
        "--format idx or png, a folder",
    );
  }
  return await poisonDataset({ ...flags, out });
}

/** Refuses flags that say nothing about what is to be poisoned. */
function refuse(
  flags: PoisonFlags,
  { idle, beside }: { idle: readonly (keyof PoisonFlags)[]; beside: string },
): void {
  const found = idle.find((flag) => flags[flag] !== undefined);
  if (found === undefined) return;
  throw new UsageError(
    `Cannot poison: ${
      spellFlag(found)
    } cannot be combined with ${beside}, for which it has no meaning, got ` +
      `${flags[found]}; leave one of them out`,
  );
}
