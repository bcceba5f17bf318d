/**
 * What defences say of clean models, each trained for it: the null of all verdicts on others.
 *
 * @module
 */

import { sha256 } from "../../core/digest.ts";
import * as tf from "../../core/tfjs.ts";
import type { LabelledImages } from "../../core/types.ts";
import {
  type CalibrationModel,
  type CleanFinding,
  type ModelDefence,
  type PopulationCalibration,
  type RowDefence,
} from "../../defence/mod.ts";
import { encodeArtifacts } from "../../registry/tfjs.ts";
import type { JobContext } from "../context.ts";
import type { TrainingJob } from "../job.ts";
import { runTraining, type TrainingRun } from "../run_training.ts";
import { inspectModel } from "./inspect_model.ts";
import { cutoffOf, scoreRows } from "./screen_rows.ts";
import { loadDefenderData } from "./suspect.ts";
import { rowsOfSet } from "./training_rows.ts";

/** Share of the clean rows that lie above a cutoff. */
export const ROW_RATE = 0.005;

/** How a population is inspected. */
export interface CalibrationOptions {
  /** A clean training; its seed is that of the first model, and each further model's is one more. */
  readonly job: TrainingJob;
  /** Number of models. */
  readonly models: number;
  /** Number of clean images that each defence is given. */
  readonly cleanImages: number;
  readonly modelDefences: readonly ModelDefence[];
  readonly rowDefences: readonly RowDefence[];
  /** What an earlier run has come to: its models are not trained again. */
  readonly found?: PopulationCalibration | null;
  /** Told after each model. */
  readonly onModel: (calibration: PopulationCalibration) => Promise<void>;
}

/**
 * Trains clean models, one after the other, and lets each defence inspect each of them.
 *
 * @throws {UsageError} If there are not as many clean images.
 * @throws The signal's reason, if it fires; what `onModel` was told stands.
 */
export async function calibratePopulation(
  options: CalibrationOptions,
  context: JobContext,
): Promise<PopulationCalibration> {
  const { job, models, cleanImages, onModel } = options;
  let calibration = options.found ?? null;
  for (let seed = job.seed; seed < job.seed + models; seed++) {
    if (calibration?.models.some((model) => model.seed === seed)) continue;
    context.onEvent({ kind: "note", text: `clean model of seed ${seed}` });
    using run = await runTraining({ ...job, seed }, { ...context, evaluateEpochs: false });
    const { clean } = await loadDefenderData(job.dataset, { clean: cleanImages, seed }, context);
    const model = await inspectRun(run, { ...options, clean, seed }, context);
    calibration = {
      ...calibration ?? describeRun(run, options, context),
      models: [...calibration?.models ?? [], model].sort((a, b) => a.seed - b.seed),
    };
    await onModel(calibration);
  }
  return calibration!;
}

/** A calibration without models, of the kind of a training. */
function describeRun(
  { description: { architecture, training } }: TrainingRun,
  { job, cleanImages }: CalibrationOptions,
  { runtime }: JobContext,
): PopulationCalibration {
  const { recipe, epochs, batchSize, dataDigest, depth = null } = training;
  return {
    format: 1,
    kind: { architecture, dataset: job.dataset, depth },
    training: { recipe, epochs, batchSize, dataDigest },
    cleanImages,
    rowRate: ROW_RATE,
    versions: { edgedoor: runtime.version },
    models: [],
  };
}

async function inspectRun(
  { engine, model, set, description }: TrainingRun,
  { modelDefences, rowDefences, clean, seed }: CalibrationOptions & {
    readonly clean: LabelledImages;
    readonly seed: number;
  },
  context: JobContext,
): Promise<CalibrationModel> {
  const findings: Record<string, CleanFinding> = {};
  for (const defence of modelDefences) {
    const { statistic } = await inspectModel(engine, defence, {
      ...{ shape: description.input, clean: clean.images, seed, context },
    });
    findings[`model/${defence.name}`] = { statistic };
  }
  const subject = {
    ...{ rows: rowsOfSet(set), classes: engine.classes, model: engine, reference: clean },
  };
  for (const defence of rowDefences) {
    const { statistics, scores } = await scoreRows(subject, defence, { seed, context });
    findings[`rows/${defence.name}`] = {
      statistic: Math.max(...statistics),
      cutoff: cutoffOf(scores, ROW_RATE),
    };
  }
  return {
    seed,
    sha256: await digestOf(model),
    cleanAccuracy: description.metrics.cleanAccuracy,
    findings,
  };
}

/** As a store has it. */
async function digestOf(model: tf.LayersModel): Promise<string> {
  let digest = "";
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    digest = await sha256(encodeArtifacts(artifacts));
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  }));
  return digest;
}
