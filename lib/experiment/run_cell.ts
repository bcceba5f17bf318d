/**
 * One cell of an experiment, from its options to its figures.
 *
 * @module
 */

import { formatCountOf } from "../core/format.ts";
import type * as tf from "../core/tfjs.ts";
import {
  argumentsOf,
  type JobContext,
  type OnEvent,
  rememberPerturbed,
  type Runtime,
  runTraining,
  type TrainingRun,
  type TrainRequest,
} from "../job/mod.ts";
import type { Perturb } from "../poison/mod.ts";
import type { Attempt, Figures, Filters } from "../report/mod.ts";
import { DivergenceError } from "../train/mod.ts";
import type { CellFile } from "./cell.ts";
import { climb } from "./climb.ts";
import { examplesOf } from "./examples_of.ts";
import { filterSets } from "./filter_sets.ts";
import { learntShare } from "./learnt_share.ts";
import { type PlannedCell, toJson } from "./plan_cell.ts";

/** How a cell runs. */
export interface CellContext {
  /** The process that trains. */
  readonly runtime: Runtime;
  /** Goes before the cell's id in the name of the model that its command trains. */
  readonly experiment: string;
  /** A folder with the data set's original files; the package's if left out. */
  readonly dataDir?: string;
  /** Where perturbed images are kept, which several cells train on some of. */
  readonly perturbedDir: string;
  /** Called with the share that is done, from 0 to 1; it falls when another attempt begins. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Share of an attempt that a perturbation takes, about: its proxy is trained as the model is. */
const PERTURBATION = 0.5;

/** One way to train, tried. */
interface Tried {
  /** `null` if the loss diverged. */
  readonly run: TrainingRun | null;
  readonly learnt: number | null;
}

/**
 * Trains and measures a cell's model.
 *
 * @throws {DivergenceError} If the loss diverged in every attempt.
 * @throws The signal's reason, if it fires.
 */
export async function runCell(cell: PlannedCell, context: CellContext): Promise<CellFile> {
  const began = performance.now();
  const { options, options: { ladder } } = cell;
  const { attempts, taken, converged } = await climb(cell.attempts.length, {
    attempt: (index) => attempt(cell, { index, ...context }),
    score: ({ run, learnt }) => run === null ? -1 : learnt ?? 0,
    enough: ladder?.enough ?? 0,
    drop: ({ run }) => run?.[Symbol.dispose](),
  });
  const { run, learnt } = attempts[taken]!;
  const request = { ...options.train, ...stepOf(cell, taken), name: nameOf(cell, context) };
  if (run === null) {
    throw new DivergenceError(
      `the loss must be a finite number, and was not at the end of ${
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
    attempts: attempts.map(({ learnt }, index): Attempt => ({
      name: argumentsOf(stepOf(cell, index)).join(" ") || "as it is",
      learnt,
    })),
    taken,
    converged: ladder === undefined ? null : converged,
    filters: options.filters ? firstFilters(run.model) : null,
    examples: options.examples === undefined ? null : examplesOf(run.set, options.examples),
    filter: options.ranked === undefined ? null : await filterSets(run.engine, {
      jobs: cell.ranked,
      rowsForEach: options.ranked.rowsForEach,
    }, jobContext(context)),
  };
  return {
    format: 1,
    id: cell.id,
    group: cell.group,
    options: toJson(options),
    job: cell.job,
    dataDigest: training.dataDigest,
    versions: training.versions,
    command: `deno task train ${argumentsOf(request).join(" ")}`,
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
  cell: PlannedCell,
  { index, ...context }: CellContext & { readonly index: number },
): Promise<Tried> {
  // The part of the attempt that is under way, and how much of it.
  const part = { first: 0, size: 1 };
  const onEvent: OnEvent = (event) => {
    if (event.kind !== "step") return;
    const { images, totalImages } = event.progress;
    context.onProgress((index + part.first + part.size * images / totalImages) / (index + 1));
  };
  const watch = (perturb: Perturb): Perturb => async (...asked) => {
    part.size = PERTURBATION;
    const perturbed = await perturb(...asked);
    Object.assign(part, { first: PERTURBATION, size: 1 - PERTURBATION });
    return perturbed;
  };
  try {
    const run = await runTraining(cell.attempts[index]!, jobContext(context, { watch, onEvent }));
    return { run, learnt: await learntShare(run.engine, run.set, context) };
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    return { run: null, learnt: null };
  }
}

/** What an attempt lays over the cell's own request. */
function stepOf({ options: { ladder } }: PlannedCell, index: number): TrainRequest {
  return index === 0 ? {} : ladder!.steps[index - 1]!;
}

/** The name of the model, in the command that trains it. */
function nameOf({ id }: PlannedCell, { experiment }: CellContext): string {
  return `${experiment}-${id}`;
}

/**
 * How a cell's jobs run: perturbed images are shared with other cells, and what else they say on the
 * way is heard by nobody.
 *
 * @param options.watch Sees each perturbation that is not there yet.
 */
function jobContext(
  { perturbedDir, signal, runtime, dataDir }: CellContext,
  { watch = (perturb: Perturb) => perturb, onEvent = () => {} }: {
    watch?: (perturb: Perturb) => Perturb;
    onEvent?: OnEvent;
  } = {},
): JobContext {
  return {
    ...{ runtime, dataDir, signal, onEvent, evaluateEpochs: false },
    remember: (perturb, about) =>
      rememberPerturbed(watch(perturb), { folder: perturbedDir, ...about }),
  };
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
