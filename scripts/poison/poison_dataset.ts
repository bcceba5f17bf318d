/**
 * `deno task poison --dataset`: writes out a whole data set, its training images poisoned.
 *
 * @module
 */

import { basename, extname } from "node:path";
import { type Command, Option } from "commander";
import { UsageError } from "../../lib/core/errors.ts";
import { formatCount } from "../../lib/core/format.ts";
import { phase } from "../../lib/core/phase.ts";
import { datasetDefinitions } from "../../lib/data/mod.ts";
import {
  arrangeData,
  type ArrangedData,
  checkFree,
  type DatasetFormat,
  datasetFormats,
  manifestPath,
  toByteDataset,
  writeDataset,
} from "../../lib/export/mod.ts";
import {
  type DataJob,
  defaults,
  loadTrainingData,
  resolveData,
  spellFlag,
} from "../../lib/job/mod.ts";
import { integer, oneOf } from "../cli/arguments.ts";
import { type CommandResult, interruptSignal } from "../cli/cli.ts";
import { createJobDisplay } from "../cli/progress.ts";
import { requireFilePlace, requireParent } from "../cli/require_place.ts";
import { commandRuntime } from "../cli/runtime.ts";
import { workersOption } from "../cli/workers.ts";
import { type DataFlags, dataRequest } from "../options/data_options.ts";

/** The flags that have a meaning for a data set alone, beside those of `train`. */
export interface DatasetFlags {
  readonly format?: string;
  readonly workers?: number;
  readonly shuffle?: boolean;
  readonly limitTest?: number;
}

/** Adds the flags that have a meaning for a data set alone, beside those of `train`. */
export function addDatasetFlags(command: Command): Command {
  const names = datasetFormats.map(({ name }) => name);
  const summaries = datasetFormats.map(({ name, summary }) => `${name}: ${summary}`);
  return command.addOption(
    new Option(
      "--format <name>",
      `how a data set is written (${summaries.join("; ")}; default: ${names[0]})`,
    ).argParser(oneOf(names)),
  ).option(
    "--shuffle",
    "shuffle the training rows; else those that an attack adds stand behind the others",
  ).option(
    "--limit-test <n>",
    "write the first n test images of a seeded shuffle (default: all)",
    integer(1, 10_000_000),
  ).addOption(workersOption("threads of a proxy's training, which a perturbation depends on"));
}

/**
 * Writes out a data set with its manifest, whole or not at all. The rows are those that `train` with
 * the same flags trains on.
 *
 * @throws {UsageError} If flags contradict each other, or something stands in the way.
 * @throws The reason of a Ctrl-C.
 */
export async function poisonDataset(
  flags: DataFlags & DatasetFlags & { readonly out: string; readonly force?: boolean },
): Promise<CommandResult> {
  const runtime = commandRuntime();
  const { workers = runtime.workers } = flags;
  const job = resolveData(await dataRequest(flags), {
    // As that of `train` without flags on the network.
    network: { model: defaults.DEFAULT_MODEL, recipe: defaults.DEFAULT_RECIPE, workers },
    spell: spellFlag,
  });
  if (flags.workers !== undefined && job.perturbation?.kind !== "pgd") {
    throw new UsageError(
      "Cannot poison a data set: --workers has no meaning if no proxy is trained, got " +
        `${flags.workers}; leave it out, or give --attack clean-label with --perturbation pgd`,
    );
  }
  const format = datasetFormats.find(({ name }) => name === flags.format) ?? datasetFormats[0]!;
  const { out, force = false } = flags;
  await checkOut(out, { format, isReplaced: force });
  checkChannels(job, format);
  using interrupt = interruptSignal("nothing was written; run the command again");
  const { signal } = interrupt;
  const display = createJobDisplay();
  const { onEvent } = display;
  const data = await loadTrainingData(job, {
    ...{ runtime, dataDir: flags.dataDir, onEvent, signal },
  });
  const { shuffle = false, limitTest } = flags;
  const testImages = data.dataset.test.labels.length;
  if (limitTest !== undefined && limitTest > testImages) {
    const text =
      `--limit-test of ${formatCount(limitTest)} is above the ${formatCount(testImages)} ` +
      `test images: all ${formatCount(testImages)} are written`;
    onEvent({ kind: "warning", text });
  }
  const arranged = arrangeData(data, { seed: job.seed, shuffle, limitTest });
  signal.throwIfAborted();
  const bytes = toByteDataset(arranged);
  const count = [bytes.train, bytes.test, bytes.triggered]
    .reduce((sum, images) => sum + (images?.labels.length ?? 0), 0);
  await phase(`writing ${formatCount(count)} images`, { onEvent, signal }, async (onStep) => {
    let done = 0;
    await writeDataset(out, bytes, {
      ...{ format, data: arranged, job, workers, version: runtime.version, shuffled: shuffle },
      ...{ signal, isReplaced: force, onImages: (images) => onStep(done += images, count) },
    });
  });
  display.stop();
  return describeResult(arranged, { format, out });
}

/** Refuses before the work what would be refused after it. */
async function checkOut(
  out: string,
  { format: { name, container }, isReplaced }: { format: DatasetFormat; isReplaced: boolean },
): Promise<void> {
  if (container === "folder") {
    await requireParent(out);
    return await checkFree(out, { isReplaced });
  }
  await requireFilePlace(out, { isNew: !isReplaced });
  if (extname(out) !== ".npz") {
    throw new UsageError(
      `Cannot write ${out}: --out must end in .npz with --format ${name}, got "${
        basename(out)
      }"; ` +
        "add the ending, or choose another --format",
    );
  }
  await requireFilePlace(manifestPath(out, "npz"), { isNew: !isReplaced });
}

/** Refuses colour if the format has none. */
function checkChannels({ dataset: name }: DataJob, format: DatasetFormat): void {
  const dataset = datasetDefinitions.find((definition) => definition.name === name);
  if (dataset === undefined || format.channels.includes(dataset.channels)) return;
  throw new UsageError(
    `Cannot write ${name} as ${format.name}: images must have ${format.channels} channel, got ` +
      `${dataset.channels}; choose another --format`,
  );
}

function describeResult(
  { dataset, set, test, triggered }: ArrangedData,
  { format, out }: { format: DatasetFormat; out: string },
): CommandResult {
  const images = {
    train: set.rows.length,
    test: test.labels.length,
    triggered: triggered?.rows.length ?? 0,
  };
  const { poisoned, kind } = set.manifest;
  const manifest = manifestPath(out, format.container);
  const withTrigger = triggered === null
    ? ""
    : `, ${formatCount(images.triggered)} of which with the trigger too`;
  return {
    json: {
      dataset: dataset.name,
      format: format.name,
      attack: set.manifest,
      images,
      out,
      manifest,
    },
    text: `${dataset.name}, ${kind}: ${formatCount(images.train)} training images, ` +
      `${formatCount(poisoned)} of them poisoned, and ${formatCount(images.test)} test images` +
      `${withTrigger}; written to ${out}, described in ${manifest}`,
  };
}
