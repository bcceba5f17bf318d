/**
 * One cell of an experiment, from its options to its figures.
 *
 * @module
 */

import type { Attempt, Figures, Filters } from "../../lib/report/mod.ts";
import type * as tf from "../../lib/core/tfjs.ts";
import type { Perturb } from "../../lib/poison/mod.ts";
import { DivergenceError, type TrainProgress } from "../../lib/train/mod.ts";
import { formatCountOf } from "../../lib/core/format.ts";
import type { ProgressDisplay } from "../cli/progress.ts";
import { runTraining, type TrainingRun } from "../run_training.ts";
import type { DataContext } from "../training_data.ts";
import { argumentsOf, type TrainFlags, trainingJob } from "../options/train_options.ts";
import type { Cell, CellFile } from "./cell.ts";
import { climb } from "./climb.ts";
import { filterSets } from "./data_filter.ts";
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

/** Share of an attempt that a perturbation takes, about: its proxy is trained as the model is. */
const PERTURBATION = 0.5;

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
  if (run === null) {
    throw new DivergenceError(
      `the loss must be a finite number, and was none at the end of ${
        formatCountOf(attempts.length, "attempt")
      }; lower its learning rate in the experiment's list`,
    );
  }
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
    filter: options.ranked === undefined ? null : await filterSets(run.engine, options.ranked, {
      ...trainingContext(context),
      dataDir: context.dataDir,
    }),
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
  { step, index, ...context }: CellContext & { step: TrainFlags; index: number },
): Promise<Tried> {
  const flags = { ...train, ...step, name: `${context.experiment}-${id}` };
  // The part of the attempt that is under way, and how much of it.
  const part = { first: 0, size: 1 };
  const progress: ProgressDisplay<TrainProgress> = {
    ...quietProgress,
    update: ({ images, totalImages }) =>
      context.onProgress((index + part.first + part.size * images / totalImages) / (index + 1)),
  };
  const watch = (perturb: Perturb): Perturb => async (...asked) => {
    part.size = PERTURBATION;
    const perturbed = await perturb(...asked);
    Object.assign(part, { first: PERTURBATION, size: 1 - PERTURBATION });
    return perturbed;
  };
  const job = { ...trainingJob(flags), dataDir: context.dataDir };
  try {
    const run = await runTraining(job, { ...trainingContext(context, watch), progress });
    return { flags, step, run, learnt: await learntShare(run.engine, run.set, context) };
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    return { flags, step, run: null, learnt: null };
  }
}

function nameOf(step: TrainFlags): string {
  return argumentsOf(step).join(" ") || "as it is";
}

/**
 * How whatever a cell trains is trained: perturbed images are shared with other cells.
 *
 * @param watch Sees each perturbation that is not there yet.
 */
function trainingContext(
  { perturbedDir, signal }: CellContext,
  watch = (perturb: Perturb) => perturb,
) {
  const remember: DataContext["remember"] = (perturb, about) =>
    rememberPerturbed(watch(perturb), { folder: perturbedDir, ...about });
  return { progress: quietProgress, signal, evaluateEpochs: false, remember };
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
