/**
 * `deno task reproduce`: a paper's experiments, resumable, to a report.
 *
 * @module
 */

import { join } from "node:path";
import { UsageError } from "../lib/core/errors.ts";
import { loadDataset } from "../lib/data/mod.ts";
import { type Comparison, makeReport, type Report } from "../lib/report/mod.ts";
import { integer, listOf, oneOf, percentage } from "./arguments.ts";
import { createCommand, finish, interruptSignal, main } from "./cli.ts";
import { describeMetrics, metricsOf } from "./evaluation.ts";
import {
  type Cell,
  cellProcesses,
  type Experiment,
  experiments,
  type GridProgress,
  openCellStore,
  resultsOf,
  runCells,
  takeResults,
  writeReport,
} from "./experiments/mod.ts";
import { formatCountOf, formatDuration } from "./format.ts";
import { createDisplay, type ProgressDisplay, type ProgressStyle } from "./progress.ts";
import { formatTable } from "./table.ts";
import { checkV8Flags, TURBO_FLAGS, turboOption } from "./turbo.ts";
import { defaultWorkers } from "./workers.ts";

interface Options {
  readonly quick?: boolean;
  readonly only?: string;
  readonly classes?: readonly number[];
  readonly percentages?: readonly number[];
  readonly workers?: number;
  readonly turbo?: boolean;
  readonly dataDir?: string;
  readonly results: string;
  readonly from?: string;
  readonly json?: boolean;
}

/** How a grid of models is shown. */
const gridStyle: ProgressStyle<GridProgress> = {
  bar: "{finished}/{cells} models {bar} {percentage}% · {left} left · {running}",
  line(progress) {
    const { finished, cells, left, running } = describe(progress);
    const percent = Math.floor(100 * progress.done / progress.total);
    return `${finished} of ${cells} models, ${percent} %, ${left} left; training ${running}`;
  },
  describe,
  position: ({ done, total, seconds }) => ({ done, total, seconds }),
};

const names = experiments.map(({ name }) => name);

const command = createCommand("reproduce", "Run a paper's experiments and report on them.", [
  "reproduce badnets",
  "reproduce all --quick",
  "reproduce badnets --only single-target-pattern --turbo",
  "reproduce clean-label --classes 0,1,8 --percentages 1.5,6,25",
])
  .argument("<experiment>", `${names.join(", ")} or all`, oneOf([...names, "all"]))
  .option("--quick", "few images, models and epochs: minutes, to see that everything works")
  .option(
    "--only <text>",
    "train only the models whose name has this in it; report on what is there",
  )
  .option(
    "--classes <list>",
    "target classes of clean-label on CIFAR-10, by commas (default: the experiment's)",
    listOf(integer(0, 9)),
  )
  .option(
    "--percentages <list>",
    "poisoned percentages of the target class there, by commas (default: the experiment's)",
    listOf(percentage),
  )
  .option(
    "--workers <n>",
    "models that are trained at once, each on a thread of its own; results do not depend on it " +
      "(default: the machine's cores)",
    integer(1, 64),
  )
  .addOption(turboOption())
  .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
  .option("--results <folder>", "where results and reports are kept", "results")
  .option("--from <file>", "results of another run, as JSON: its models are not trained again")
  .action(async (name: string, options: Options) => {
    if (options.turbo) await checkV8Flags(TURBO_FLAGS);
    const chosen = experiments.filter((experiment) => name === "all" || experiment.name === name);
    using interrupt = interruptSignal("what is trained stays; run the command again to go on");
    const display = createDisplay(gridStyle);
    const outcomes: Outcome[] = [];
    try {
      for (const experiment of chosen) {
        outcomes.push(await reproduce(experiment, { options, display, signal: interrupt.signal }));
      }
    } finally {
      display.stop();
    }
    await finish({
      json: { experiments: outcomes.map(toJson) },
      text: outcomes.map(summarise).join("\n\n"),
      status: outcomes.some(({ failed }) => failed.length > 0) ? 1 : 0,
    }, options);
  });

if (import.meta.main) await main(command);

function describe({ finished, cells, running, done, total, found, seconds }: GridProgress) {
  const rate = (done - found) / seconds;
  return {
    finished,
    cells,
    running: running.join(", "),
    left: rate > 0 ? formatDuration((total - done) / rate) : "?",
  };
}

/** What a run of an experiment came to. */
interface Outcome {
  readonly report: Report;
  /** From the root of the results: where the report is. */
  readonly paths: { readonly html: string; readonly json: string };
  /** Cells that could not be trained, and why. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
  /** Number of models that this run trained. */
  readonly trained: number;
}

async function reproduce(
  experiment: Experiment,
  { options, display, signal }: {
    options: Options;
    display: ProgressDisplay<GridProgress>;
    signal: AbortSignal;
  },
): Promise<Outcome> {
  const { quick = false, only = "", workers = defaultWorkers(), turbo = false, dataDir } = options;
  const folder = quick ? join(options.results, "quick") : options.results;
  const cells = experiment.cells({
    quick,
    classes: options.classes,
    shares: options.percentages?.map((percent) => percent / 100),
  });
  const isWanted = ({ id }: Cell) => id.includes(only);
  if (!cells.some(isWanted)) {
    throw new UsageError(
      `Cannot reproduce ${experiment.name}: --only must be part of a model's name, got "${only}"; ` +
        `the first is ${cells[0]?.id}`,
    );
  }
  const store = openCellStore(join(folder, experiment.name, "cells"));
  const digests = await digestsOf(cells, dataDir);
  const dataDigestOf = (cell: Cell) => digests.get(datasetOf(cell))!;
  if (options.from !== undefined) {
    await takeResults(options.from, { experiment: experiment.name, cells, store, dataDigestOf });
  }
  const failed: { id: string; reason: string }[] = [];
  let trained = 0;
  await runCells(cells.filter(isWanted), {
    store,
    dataDigestOf,
    runCell: cellProcesses({
      experiment: experiment.name,
      dataDir,
      // Shared by the experiments: what they hold is named by all that it depends on.
      perturbedDir: join(options.results, "perturbed"),
      turbo,
    }),
    workers,
    signal,
    onProgress: (progress) => display.update(progress),
    onFinished({ id, figures }) {
      trained++;
      display.note(`${experiment.name} ${id}: ${describeMetrics(metricsOf(figures))}`);
    },
    onFailed({ id }, { message }) {
      failed.push({ id, reason: message });
      display.note(`${experiment.name} ${id} failed: ${message}`);
    },
  });
  display.stop();
  const results = await resultsOf(experiment.name, { cells, store, dataDigestOf, quick });
  const paths = await writeReport(folder, results);
  return { report: makeReport(results), paths, failed, trained };
}

function datasetOf({ options: { train } }: Cell): string {
  return train.dataset ?? "mnist";
}

/** Names the data that cells train on, as they are now. */
async function digestsOf(
  cells: readonly Cell[],
  dataDir: string | undefined,
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const name of new Set(cells.map(datasetOf))) {
    digests.set(name, (await loadDataset(name, { dataDir })).digest);
  }
  return digests;
}

function toJson({ report, paths, failed, trained }: Outcome): object {
  const { results: { experiment, quick, cells, missing }, comparisons } = report;
  return {
    experiment,
    quick,
    ...paths,
    models: cells.length,
    trained,
    missing,
    failed,
    comparisons,
  };
}

function summarise({ report, paths, failed, trained }: Outcome): string {
  const { title, results: { quick, cells, missing }, comparisons } = report;
  const rows = comparisons.map(({ what, paper, ours, difference, verdict }: Comparison) => [
    what,
    paper,
    ours,
    difference,
    verdict ?? "–",
  ]);
  return [
    `${title}${quick ? ", quick: figures that say nothing about the paper" : ""}`,
    "",
    formatTable([["", "PAPER", "HERE", "DIFFERENCE", "VERDICT"], ...rows], "<>>><"),
    "",
    `${
      formatCountOf(cells.length, "model")
    }, ${trained} of them trained now, ${missing.length} missing` +
    (failed.length > 0 ? `, ${failed.length} failed` : ""),
    `report: ${paths.html}`,
  ].join("\n");
}
