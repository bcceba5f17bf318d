/**
 * `deno task reproduce`: a paper's experiments, resumable, to a report.
 *
 * @module
 */

import { join, relative } from "node:path";
import { UsageError } from "../lib/core/errors.ts";
import { integer, listOf, oneOf, percentage, text } from "./cli/arguments.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { describeMetrics, metricsOf, spellFlag } from "../lib/job/mod.ts";
import { cellProcesses } from "./cells/cell_process.ts";
import {
  type ExperimentContext,
  type ExperimentPlan,
  experiments,
  type GridProgress,
  planExperiments,
  readResults,
  resultsPath,
  runExperiment,
} from "../lib/experiment/mod.ts";
import { formatCountOf, timeLeft } from "../lib/core/format.ts";
import { createDisplay, createJobDisplay, type ProgressStyle } from "./cli/progress.ts";
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
    const plans = planExperiments(chosen, { ...options, spell: spellFlag });
    const places = await placesOf(plans, options);
    if (options.turbo) await checkV8Flags(TURBO_FLAGS);
    using interrupt = interruptSignal("what is trained stays; run the command again to go on");
    const display = createDisplay(gridStyle);
    const outcomes: Outcome[] = [];
    const soon = plans.map(({ experiment }) => experiment.name);
    try {
      for (const [i, plan] of plans.entries()) {
        const { name } = plan.experiment;
        const note = (line: string) => display.note(`${name} ${line}`);
        const loading = createJobDisplay();
        const { dataDir, workers = navigator.hardwareConcurrency, turbo = false } = options;
        const outcome = await runExperiment(plan, {
          ...places[i]!,
          ...{ dataDir, soon, note, workers, signal: interrupt.signal },
          runCell: cellProcesses({
            ...{ experiment: name, dataDir, turbo },
            // Shared by the experiments: what they hold is named by all that it depends on.
            perturbedDir: join(options.results, "perturbed"),
          }),
          onEvent: loading.onEvent,
          onProgress: display.update,
          onFinished: ({ id, figures }) => note(`${id}: ${describeMetrics(metricsOf(figures))}`),
          onFailed: ({ id, reason }) => note(`${id} failed: ${reason}`),
        });
        display.stop();
        outcomes.push({ ...outcome, trained: outcome.trained.length });
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

/**
 * Where each experiment's results are, and what is known of them already.
 *
 * @throws {UsageError} If there is something else, or nothing can be written there.
 */
async function placesOf(
  plans: readonly ExperimentPlan[],
  { quick, from, results }: Options,
): Promise<Pick<ExperimentContext, "folder" | "given" | "earlier">[]> {
  const [{ experiment: first }, ...others] = plans as [ExperimentPlan, ...ExperimentPlan[]];
  if (from !== undefined && others.length > 0) {
    throw new UsageError(
      "Cannot reproduce: --from cannot be combined with all, because a file holds the results of " +
        `one experiment, got ${from}; name the experiment`,
    );
  }
  const given = from === undefined ? null : await readResults(from, first.name);
  if (from !== undefined && given === null) {
    throw new UsageError(
      `Cannot take results: ${from} must be a file, got nothing there; correct --from`,
    );
  }
  const folder = quick ? join(results, "quick") : results;
  await requireFolder(folder, "--results");
  return await Promise.all(plans.map(async ({ experiment: { name } }) => {
    const earlier = await readResults(resultsPath(folder, name), name);
    return { folder, given, earlier };
  }));
}
