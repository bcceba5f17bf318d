/**
 * `deno task reproduce`: a paper's experiments, resumable, to a report.
 *
 * @module
 */

import { join, relative } from "node:path";
import { UsageError } from "../lib/core/errors.ts";
import { loadDataset, type LoadOptions } from "../lib/data/mod.ts";
import type { ExperimentName, ExperimentResults } from "../lib/report/mod.ts";
import { integer, listOf, oneOf, percentage, text } from "./cli/arguments.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { metricsOf } from "../lib/job/mod.ts";
import { cellProcesses } from "./cells/cell_process.ts";
import { describeMetrics } from "./cli/describe_metrics.ts";
import {
  type Experiment,
  experiments,
  type GridProgress,
  openCellStore,
  planCell,
  type PlannedCell,
  readResults,
  resultsOf,
  resultsPath,
  runCells,
  takeResults,
  writeReport,
  writeResults,
} from "../lib/experiment/mod.ts";
import { formatCountOf } from "../lib/core/format.ts";
import {
  createDisplay,
  type ProgressDisplay,
  type ProgressStyle,
  timeLeft,
} from "./cli/progress.ts";
import { requireFolder } from "./cli/require_place.ts";
import { checkV8Flags, TURBO_FLAGS, turboOption } from "./cli/turbo.ts";
import { projectPath } from "./cli/user_folder.ts";
import { describeOutcomes, type Outcome } from "./reproduce/outcome.ts";
import { reportOnly } from "./reproduce/report_only.ts";

interface Options {
  readonly quick?: boolean;
  readonly only?: readonly string[];
  readonly classes?: readonly number[];
  readonly percentages?: readonly number[];
  readonly workers?: number;
  readonly turbo?: boolean;
  readonly dataDir?: string;
  readonly results: string;
  readonly from?: string;
  readonly reportOnly?: boolean;
  readonly json?: boolean;
}

/** The options as they were given. */
type Flags = Omit<Options, "results"> & Partial<Options>;

/** How a grid of models is shown. */
const gridStyle: ProgressStyle<GridProgress> = {
  bar: "{finished}/{cells} models {bar} {percentage}% {left} · {running}",
  line(progress) {
    const { finished, cells, left, running } = describe(progress);
    const percent = Math.floor(100 * progress.done / progress.total);
    return `${finished} of ${cells} models, ${percent} %${
      left.replace(" ·", ",")
    }; training ${running}`;
  },
  describe,
  position: ({ done, total, seconds }) => ({ done, total, seconds }),
};

const names = experiments.map(({ name }) => name);

const command = createCommand("reproduce", "Run a paper's experiments and report on them.", [
  "reproduce badnets",
  "reproduce all --quick",
  "reproduce badnets --only baseline,single-target-pattern --turbo",
  "reproduce clean-label --classes 0,1,8 --percentages 1.5,6,25",
  "reproduce all --report-only",
])
  .argument("<experiment>", `${names.join(", ")} or all`, oneOf([...names, "all"]))
  .option("--quick", "few images, models and epochs: minutes, to see that everything works")
  .option(
    "--only <texts>",
    "train only the models whose names contain one of these texts, separated by commas",
    listOf(text),
  )
  .option(
    "--classes <list>",
    "target classes of clean-label on CIFAR-10, separated by commas (default: the experiment's)",
    listOf(integer(0, 9)),
  )
  .option(
    "--percentages <list>",
    "poisoned percentages of the target class there, separated by commas (default: the experiment's)",
    listOf(percentage),
  )
  .option(
    "--workers <n>",
    "threads that train at once, of which most models take one; the figures do not depend on it " +
      "(default: the machine's cores)",
    integer(1, 64),
  )
  .addOption(turboOption())
  .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
  .option(
    "--results <folder>",
    "where results and reports are kept (default: the project's folder results)",
  )
  .option("--from <file>", "results of another run, as JSON: its models are not trained again")
  .option(
    "--report-only",
    "train nothing: make the reports from the results that are there, in seconds",
  )
  .action(async (name: string, flags: Flags) => {
    const options = { ...flags, results: flags.results ?? ownResults() };
    const chosen = experiments.filter((experiment) => name === "all" || experiment.name === name);
    if (options.reportOnly) {
      const outcomes = await reportOnly(chosen.map(({ name }) => name), options);
      return await finish(describeOutcomes(outcomes), options);
    }
    const plans = await planOf(chosen, options);
    if (options.turbo) await checkV8Flags(TURBO_FLAGS);
    using interrupt = interruptSignal("what is trained stays; run the command again to go on");
    const display = createDisplay(gridStyle);
    const outcomes: Outcome[] = [];
    const soon = plans.map(({ experiment }) => experiment.name);
    try {
      for (const plan of plans) {
        outcomes.push(await reproduce(plan, { options, display, soon, signal: interrupt.signal }));
      }
    } finally {
      display.stop();
    }
    await finish(describeOutcomes(outcomes), options);
    const [failure, ...others] = outcomes.flatMap(({ failed }) => failed);
    if (failure !== undefined) {
      throw new Error(
        `Cannot train ${failure.id}${
          others.length > 0 ? ` and ${formatCountOf(others.length, "more model")}` : ""
        }: ${failure.reason}; what is trained stays: run the command again`,
      );
    }
  });

if (import.meta.main) await main(command);

/** The project's folder of results, from where the user stands. */
function ownResults(): string {
  return relative(Deno.cwd(), projectPath("results"));
}

function describe({ finished, cells, running, done, total, found, seconds }: GridProgress) {
  return {
    finished,
    cells,
    running: running.join(", "),
    left: timeLeft({ done, total, seconds, found }),
  };
}

/** What is to be done of an experiment. */
interface Plan {
  readonly experiment: Experiment;
  readonly cells: readonly PlannedCell[];
  /** Those of them that are to be trained; at least one. */
  readonly wanted: readonly PlannedCell[];
  /** Asked for in the place of the experiment's own grid. */
  readonly grid: ExperimentResults["grid"];
  /** Where its results are. */
  readonly folder: string;
  /** Results of another run. */
  readonly given: ExperimentResults | null;
  /** What stands in the folder already: stays, if this run has nothing newer. */
  readonly earlier: ExperimentResults | null;
}

/**
 * Plans all experiments, so that what cannot be done is refused before hours of work.
 *
 * @throws {UsageError} If options do not go together, or name no model or no results.
 */
async function planOf(
  chosen: readonly Experiment[],
  { quick = false, only = [""], classes, percentages, from, results }: Options,
): Promise<Plan[]> {
  const hasGrid = classes !== undefined || percentages !== undefined;
  if (hasGrid && (quick || !chosen.some(({ hasOpenGrid }) => hasOpenGrid))) {
    throw new UsageError(
      "Cannot reproduce: --classes and --percentages cannot be combined with " +
        `${
          quick ? "--quick" : chosen[0]?.name
        }, whose models are fixed; leave one or the other out`,
    );
  }
  if (from !== undefined && chosen.length > 1) {
    throw new UsageError(
      "Cannot reproduce: --from cannot be combined with all, because a file holds the results of " +
        `one experiment, got ${from}; name the experiment`,
    );
  }
  const plans = chosen.map((experiment) => {
    const grid = hasGrid && experiment.hasOpenGrid
      ? { ...classes && { classes }, ...percentages && { percentages } }
      : undefined;
    const cells = experiment.cells({ quick, ...grid }).map(planCell);
    const wanted = cells.filter(({ id }) => only.some((text) => id.includes(text)));
    return { experiment, cells, wanted, grid };
  });
  const ids = plans.flatMap(({ cells }) => cells.map(({ id }) => id));
  const stray = only.find((text) => !ids.some((id) => id.includes(text)));
  if (stray !== undefined) {
    throw new UsageError(
      `Cannot reproduce: no model's name contains "${stray}" (--only); the first is ${ids[0]}`,
    );
  }
  const given = from === undefined ? null : await readResults(from, chosen[0]!.name);
  if (from !== undefined && given === null) {
    throw new UsageError(
      `Cannot take results: ${from} must be a file, got nothing there; correct --from`,
    );
  }
  const folder = quick ? join(results, "quick") : results;
  const some = plans.filter(({ wanted }) => wanted.length > 0);
  await requireFolder(folder, "--results");
  return await Promise.all(some.map(async (plan) => {
    const { name } = plan.experiment;
    const earlier = await readResults(resultsPath(folder, name), name);
    return { ...plan, folder, given, earlier };
  }));
}

async function reproduce(
  { experiment: { name }, cells, wanted, grid, folder, given, earlier }: Plan,
  { options, display, soon, signal }: {
    options: Options;
    display: ProgressDisplay<GridProgress>;
    /** All experiments that are run. */
    soon: readonly ExperimentName[];
    signal: AbortSignal;
  },
): Promise<Outcome> {
  const { quick = false, turbo = false, dataDir } = options;
  const { workers = navigator.hardwareConcurrency } = options;
  const note = (line: string) => display.note(`${name} ${line}`);
  const store = openCellStore(join(folder, name, "cells"));
  const digests = await digestsOf(wanted, { dataDir, note, signal });
  // What is not trained now is not looked at: its data may not even be here.
  const dataDigestOf = (cell: PlannedCell) => digests.get(cell.job.dataset);
  if (given !== null) {
    const taken = await takeResults(given, { cells, store, dataDigestOf });
    note(`${taken} of ${formatCountOf(given.cells.length, "result")} taken from ${options.from}`);
  }
  const { trained, failed } = await runCells(wanted, {
    store,
    dataDigestOf,
    runCell: cellProcesses({
      experiment: name,
      dataDir,
      // Shared by the experiments: what they hold is named by all that it depends on.
      perturbedDir: join(options.results, "perturbed"),
      turbo,
    }),
    workers,
    signal,
    onProgress: (progress) => display.update(progress),
    onFinished: ({ id, figures }) => note(`${id}: ${describeMetrics(metricsOf(figures))}`),
    onFailed: ({ id, reason }) => note(`${id} failed: ${reason}`),
  });
  display.stop();
  const results = await resultsOf(name, {
    ...{ cells, store, earlier, dataDigestOf, quick, grid },
  });
  const json = await writeResults(folder, results);
  // From the file alone, as --report-only makes it.
  const written = await writeReport(folder, (await readResults(json, name))!, { soon });
  return { ...written, json, failed, trained: trained.length };
}

/** Names the data that cells train on, as they are now. */
async function digestsOf(
  cells: readonly PlannedCell[],
  options: LoadOptions & { readonly note: (line: string) => void },
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const name of new Set(cells.map(({ job }) => job.dataset))) {
    const { digest, warnings } = await loadDataset(name, options);
    warnings.forEach((warning) => options.note(`warning: ${warning}`));
    digests.set(name, digest);
  }
  return digests;
}
