/**
 * One cell of an experiment, from its options to its figures.
 *
 * @module
 */

import type { Attempt, Figures, FilterResult, Filters } from "../../lib/report/mod.ts";
import type * as tf from "../../lib/core/tfjs.ts";
import { countFound } from "../../lib/defence/mod.ts";
import type { PoisonedSet } from "../../lib/poison/mod.ts";
import { DivergenceError, type TrainProgress } from "../../lib/train/mod.ts";
import type { ProgressDisplay } from "../progress.ts";
import { runTraining, type TrainingRun } from "../run_training.ts";
import { argumentsOf, type TrainFlags, trainingJob } from "../train_options.ts";
import type { Cell, CellFile, FilterOptions } from "./cell.ts";
import { climb } from "./climb.ts";
import { trainFilter } from "./data_filter.ts";
import { examplesOf } from "./examples_of.ts";
import { learntShare } from "./learnt_share.ts";
import { rememberPerturbed } from "./remember_perturbed.ts";
import { resolvedJob, toJson } from "./resolved_job.ts";

/** How a cell runs. */
export interface CellContext {
  /** Goes before the cell's id in the name of the model, where its command is run. */
  readonly experiment: string;
  /** A folder with the data set's original files; the package's where left out. */
  readonly dataDir?: string;
  /** Where perturbed images are kept, which several cells train on some of. */
  readonly perturbedDir: string;
  /** Called with the share that is done, from 0 to 1; it falls where another attempt begins. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** What is said on the way is heard by nobody: a cell runs in a process of its own. */
const quietProgress: ProgressDisplay<TrainProgress> = { update() {}, note() {}, stop() {} };

/** One way to train, tried. */
interface Tried {
  readonly flags: TrainFlags;
  readonly step: TrainFlags;
  /** `null` where the loss diverged. */
  readonly run: TrainingRun | null;
  readonly learnt: number | null;
}

/**
 * Trains and measures a cell's model.
 *
 * @throws {DivergenceError} If the loss diverged in every attempt.
 * @throws The signal's reason, where it fires.
 */
export async function runCell(cell: Cell, context: CellContext): Promise<CellFile> {
  const began = performance.now();
  const { options, options: { ladder } } = cell;
  const steps: readonly TrainFlags[] = [{}, ...ladder?.steps ?? []];
  const { attempts, taken, converged } = await climb(steps.length, {
    attempt: (index) => attempt(cell, { step: steps[index]!, index, ...context }),
    score: ({ run, learnt }) => run === null ? -1 : learnt ?? 0,
    enough: ladder?.enough ?? 0,
    drop: ({ run }) => run?.[Symbol.dispose](),
  });
  const { run, flags, learnt } = attempts[taken]!;
  if (run === null) throw new DivergenceError("Cannot train: the loss diverged");
  using _ = run;
  const { attack, training } = run.description;
  const figures: Figures = {
    attackKind: attack.kind,
    source: attack.source,
    target: attack.target,
    poisonRate: attack.poisonRate,
    seed: training.seed,
    trainImages: training.trainImages,
    poisoned: attack.poisoned,
    ...run.evaluation,
    learnt,
    attempts: attempts.map(({ step, learnt }): Attempt => ({ name: nameOf(step), learnt })),
    taken,
    converged: ladder === undefined ? null : converged,
    filters: options.filters ? firstFilters(run.model) : null,
    examples: options.examples === undefined ? null : examplesOf(run.set, options.examples),
    filter: options.filter === undefined
      ? null
      : await filterResults(flags, { set: run.set, filter: options.filter, ...context }),
  };
  return {
    format: 1,
    id: cell.id,
    group: cell.group,
    options: toJson(options),
    job: resolvedJob(options),
    dataDigest: training.dataDigest,
    versions: training.versions,
    command: `deno task train ${argumentsOf(flags).join(" ")}`,
    figures,
    timing: {
      trainingSeconds: training.seconds,
      imagesPerSecond: training.imagesPerSecond,
      seconds: (performance.now() - began) / 1000,
      engine: training.engine,
    },
  };
}

async function attempt(
  { id, options: { train } }: Cell,
  { step, index, experiment, dataDir, perturbedDir, onProgress, signal }: CellContext & {
    step: TrainFlags;
    index: number;
  },
): Promise<Tried> {
  const flags = { ...train, ...step, name: `${experiment}-${id}` };
  const progress: ProgressDisplay<TrainProgress> = {
    ...quietProgress,
    update: ({ images, totalImages }) => onProgress((index + images / totalImages) / (index + 1)),
  };
  const job = { ...trainingJob(flags), dataDir };
  try {
    const run = await runTraining(job, {
      progress,
      signal,
      evaluateEpochs: false,
      remember: (perturb, about) => rememberPerturbed(perturb, { folder: perturbedDir, ...about }),
    });
    return { flags, step, run, learnt: await learntShare(run.engine, run.set, { signal }) };
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    return { flags, step, run: null, learnt: null };
  }
}

function nameOf(step: TrainFlags): string {
  return argumentsOf(step).join(" ") || "as it is";
}

/** What data filters, small clean models of the same network, find of a set's poisoned rows. */
async function filterResults(
  flags: TrainFlags,
  { set, filter: { cleanImages, rowsForEach, ...training }, dataDir, signal }: {
    set: PoisonedSet;
    filter: FilterOptions;
  } & Pick<CellContext, "dataDir" | "signal">,
): Promise<FilterResult[]> {
  const { dataset, model, depth, recipe, seed, workers } = trainingJob(flags);
  const job = { dataset, dataDir, model, depth, recipe, seed, workers, ...training };
  const context = { progress: quietProgress, signal, evaluateEpochs: false };
  const poisoned = set.poisoned.reduce((sum, flag) => sum + flag, 0);
  const results: FilterResult[] = [];
  for (const count of cleanImages) {
    using filter = await trainFilter({ ...job, cleanImages: count }, context);
    const { setup, cleanAccuracy } = filter;
    const ranking = await filter.rank(set);
    results.push({
      cleanImages: count,
      setup,
      cleanAccuracy,
      found: rowsForEach.map((rows) => countFound(ranking, set.poisoned, { top: rows * poisoned })),
    });
  }
  return results;
}

/** The filters of a network's first convolution. */
function firstFilters(model: tf.LayersModel): Filters {
  const kernel = model.layers.flatMap((layer) => layer.getWeights()).find(({ rank }) => rank === 4);
  if (kernel === undefined) {
    throw new TypeError(
      `Cannot keep the first layer's filters: the network must have a convolution, got ` +
        `"${model.name}" without one`,
    );
  }
  return { shape: kernel.shape, values: Array.from(kernel.dataSync()) };
}
