/**
 * One cell of an experiment, from its options to its figures.
 *
 * @module
 */

import type { Attempt, Filters, TrainingFigures } from "../../lib/report/mod.ts";
import type * as tf from "../../lib/core/tfjs.ts";
import type { Json } from "../../lib/core/types.ts";
import { DivergenceError, type TrainProgress } from "../../lib/train/mod.ts";
import type { ProgressDisplay } from "../progress.ts";
import { runTraining, type TrainingRun } from "../run_training.ts";
import { argumentsOf, type TrainFlags, trainingJob } from "../train_options.ts";
import type { Cell, CellFile } from "./cell.ts";
import { climb } from "./climb.ts";
import { learntShare } from "./learnt_share.ts";

/** How a cell runs. */
export interface CellContext {
  /** Goes before the cell's id in the name of the model, where its command is run. */
  readonly experiment: string;
  /** A folder with the data set's original files; the package's where left out. */
  readonly dataDir?: string;
  /** Called with the share that is done, from 0 to 1; it falls where another attempt begins. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

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
  const { ladder } = cell.options;
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
  const figures: TrainingFigures = {
    kind: "training",
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
    filters: cell.options.filters ? firstFilters(run.model) : null,
  };
  return {
    format: 1,
    id: cell.id,
    group: cell.group,
    options: toJson(cell.options),
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

/** Plain JSON: what is `undefined` is left out. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}

async function attempt(
  { id, options: { train } }: Cell,
  { step, index, experiment, dataDir, onProgress, signal }: CellContext & {
    step: TrainFlags;
    index: number;
  },
): Promise<Tried> {
  const flags = { ...train, ...step, name: `${experiment}-${id}` };
  const progress: ProgressDisplay<TrainProgress> = {
    update: ({ images, totalImages }) => onProgress((index + images / totalImages) / (index + 1)),
    note() {},
    stop() {},
  };
  const job = { ...trainingJob(flags), dataDir };
  try {
    const run = await runTraining(job, { progress, signal, evaluateEpochs: false });
    return { flags, step, run, learnt: await learntShare(run.engine, run.set, { signal }) };
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
    return { flags, step, run: null, learnt: null };
  }
}

function nameOf(step: TrainFlags): string {
  return argumentsOf(step).join(" ") || "as it is";
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
