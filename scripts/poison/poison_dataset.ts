/**
 * `deno task poison --dataset`: writes out a whole data set, its training images poisoned.
 *
 * @module
 */

import { extname } from "node:path";
import { type Command, Option } from "commander";
import { sha256 } from "../../lib/core/digest.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { formatCount } from "../../lib/core/format.ts";
import { writeAtomically } from "../../lib/core/write_atomically.ts";
import { datasetDefinitions, toNpz } from "../../lib/data/mod.ts";
import {
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
  resolveData,
  spellFlag,
  type TrainingData,
} from "../../lib/job/mod.ts";
import { oneOf } from "../cli/arguments.ts";
import { type CommandResult, interruptSignal } from "../cli/cli.ts";
import { printLine } from "../cli/print_line.ts";
import { createJobDisplay } from "../cli/progress.ts";
import { requireFilePlace, requireParent } from "../cli/require_place.ts";
import { commandRuntime } from "../cli/runtime.ts";
import { workersOption } from "../cli/workers.ts";
import { type DataFlags, dataRequest } from "../options/data_options.ts";

/** Files between lines that say how far it is. */
const LINE_EVERY = 10_000;

/** The flags that have a meaning for a data set alone, beside those of `train`. */
export interface DatasetFlags {
  readonly format?: string;
  readonly workers?: number;
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
  const data = await loadTrainingData(job, {
    ...{ runtime, dataDir: flags.dataDir, onEvent: display.onEvent, signal },
  });
  display.stop();
  signal.throwIfAborted();
  printLine(
    `writing ${formatCount(data.set.rows.length + data.dataset.test.labels.length)} images`,
  );
  const files = withManifest(format.files(toByteDataset(data)), {
    ...{ data, job, workers, version: runtime.version, signal },
  });
  await (format.container === "npz" ? writeArchive : writeFolder)(out, files, { signal });
  return describeResult(data, { format, out });
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
      `Cannot write ${out}: --out must end in .npz with --format ${name}, got "${extname(out)}"`,
    );
  }
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
  { signal, ...described }: {
    data: TrainingData;
    job: DataJob;
    workers: number;
    version: string;
    signal: AbortSignal;
  },
): AsyncGenerator<DatasetFile> {
  const digests: Record<string, string> = {};
  let count = 0;
  for (const file of files) {
    digests[file.path] = await sha256(file.bytes);
    signal.throwIfAborted();
    if (++count % LINE_EVERY === 0) printLine(`${formatCount(count)} files written`);
    yield file;
  }
  const text = formatManifest(describeDataset({ ...described, files: digests }));
  yield { path: "manifest.json", bytes: new TextEncoder().encode(text) };
}

/** The manifest goes into the archive: one file is there whole or not at all. */
async function writeArchive(
  out: string,
  files: AsyncIterable<DatasetFile>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const entries: Record<string, Uint8Array> = {};
  for await (const { path, bytes } of files) entries[path] = bytes;
  const archive = toNpz(entries);
  // Signals have their turn.
  await new Promise((resolve) => setTimeout(resolve));
  signal.throwIfAborted();
  await writeAtomically(out, archive);
}

function describeResult(
  { dataset, set }: TrainingData,
  { format, out }: { format: DatasetFormat; out: string },
): CommandResult {
  const images = { train: set.rows.length, test: dataset.test.labels.length };
  const { poisoned, kind } = set.manifest;
  return {
    json: {
      dataset: dataset.name,
      format: format.name,
      attack: set.manifest,
      images,
      out,
    },
    text: `${dataset.name}, ${kind}: ${formatCount(images.train)} training images, ` +
      `${formatCount(poisoned)} of them poisoned, and ${formatCount(images.test)} test images ` +
      `without the trigger; written to ${out}, with ` +
      `${format.container === "npz" ? "manifest.json in the archive" : "manifest.json"}`,
  };
}
