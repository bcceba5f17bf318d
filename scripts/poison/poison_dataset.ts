/**
 * `deno task poison --dataset`: writes out a whole data set, its training images poisoned.
 *
 * @module
 */

import { basename, extname, join } from "node:path";
import { type Command, Option } from "commander";
import { sha256 } from "../../lib/core/digest.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { formatCount } from "../../lib/core/format.ts";
import { writeAtomically } from "../../lib/core/write_atomically.ts";
import { datasetDefinitions, toNpz } from "../../lib/data/mod.ts";
import {
  arrangeData,
  type ArrangedData,
  checkFree,
  type DatasetFile,
  type DatasetFormat,
  datasetFormats,
  describeDataset,
  formatManifest,
  toByteDataset,
  writeFolder,
} from "../../lib/export/mod.ts";
import {
  type DataJob,
  defaults,
  loadTrainingData,
  phase,
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

/** The manifest's file. */
const MANIFEST = "manifest.json";

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
  flags: DataFlags & DatasetFlags & { readonly out: string },
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
      "Cannot poison a data set: --workers must be left out where no proxy is trained, got " +
        `${flags.workers}; leave it out, or give --attack clean-label with --perturbation pgd`,
    );
  }
  const format = datasetFormats.find(({ name }) => name === flags.format) ?? datasetFormats[0]!;
  const { out } = flags;
  await checkOut(out, format);
  checkChannels(job, format);
  using interrupt = interruptSignal("nothing was written; run the command again");
  const { signal } = interrupt;
  const display = createJobDisplay();
  const { onEvent } = display;
  const data = await loadTrainingData(job, {
    ...{ runtime, dataDir: flags.dataDir, onEvent, signal },
  });
  const { shuffle = false, limitTest } = flags;
  const arranged = arrangeData(data, { seed: job.seed, shuffle, limitTest });
  signal.throwIfAborted();
  const bytes = toByteDataset(arranged);
  const count = [bytes.train, bytes.test, bytes.triggered]
    .reduce((sum, images) => sum + (images?.labels.length ?? 0), 0);
  await phase(`writing ${formatCount(count)} images`, { onEvent, signal }, async (onStep) => {
    let done = 0;
    const files = withManifest(format.files(bytes), {
      ...{ data: arranged, job, workers, version: runtime.version, shuffled: shuffle },
      onImages: (images) => onStep(done += images, count),
    });
    await (format.container === "npz" ? writeArchive : writeFolder)(out, files, { signal });
  });
  display.stop();
  return describeResult(arranged, { format, out });
}

/** Refuses before the work what would be refused after it. */
async function checkOut(out: string, { name, container }: DatasetFormat): Promise<void> {
  if (container === "folder") {
    await requireParent(out);
    return await checkFree(out);
  }
  await requireFilePlace(out, { isNew: true });
  if (extname(out) !== ".npz") {
    throw new UsageError(
      `Cannot write ${out}: --out must end in .npz with --format ${name}, got "${
        basename(out)
      }"; ` +
        "add the ending, or choose another --format",
    );
  }
  await requireFilePlace(besideArchive(out), { isNew: true });
}

/** Where the manifest of an archive is: an array of it would be none. */
function besideArchive(out: string): string {
  return `${out.slice(0, -".npz".length)}.${MANIFEST}`;
}

/** Refuses colour where the format has none. */
function checkChannels({ dataset: name }: DataJob, format: DatasetFormat): void {
  const dataset = datasetDefinitions.find((definition) => definition.name === name);
  if (dataset === undefined || format.channels.includes(dataset.channels)) return;
  throw new UsageError(
    `Cannot write ${name} as ${format.name}: images must have ${format.channels} channel, got ` +
      `${dataset.channels}; choose another --format`,
  );
}

/** The files of a data set, and behind them the manifest with their digests. */
async function* withManifest(
  files: Iterable<DatasetFile>,
  { onImages, ...described }: {
    data: ArrangedData;
    job: DataJob;
    workers: number;
    version: string;
    shuffled: boolean;
    onImages: (count: number) => void;
  },
): AsyncGenerator<DatasetFile> {
  const digests: Record<string, string> = {};
  for (const file of files) {
    digests[file.path] = await sha256(file.bytes);
    yield file;
    onImages(file.images ?? 0);
  }
  const text = formatManifest(describeDataset({ ...described, files: digests }));
  yield { path: MANIFEST, bytes: new TextEncoder().encode(text) };
}

/** An archive and, beside it, the last of the files, which is the manifest: both or neither. */
async function writeArchive(
  out: string,
  files: AsyncIterable<DatasetFile>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const all = await Array.fromAsync(files);
  const entries = all.filter(({ path }) => path !== MANIFEST);
  const archive = toNpz(Object.fromEntries(entries.map(({ path, bytes }) => [path, bytes])));
  // Signals have their turn.
  await new Promise((resolve) => setTimeout(resolve));
  signal.throwIfAborted();
  await writeAtomically(besideArchive(out), all.at(-1)!.bytes);
  try {
    await writeAtomically(out, archive);
  } catch (error) {
    await Deno.remove(besideArchive(out));
    throw error;
  }
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
  const manifest = format.container === "npz" ? besideArchive(out) : join(out, MANIFEST);
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
