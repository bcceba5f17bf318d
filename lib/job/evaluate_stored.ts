/**
 * A stored model on its test set.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import { loadDataset } from "../data/mod.ts";
import type { Evaluation } from "../evaluate/mod.ts";
import type { Attack } from "../poison/mod.ts";
import type { ModelManifest, ModelSource } from "../registry/mod.ts";
import { loadModel } from "../registry/tfjs.ts";
import { startBackend } from "./backend.ts";
import type { JobContext } from "./context.ts";
import { evaluateLoadedModel } from "./evaluate_model.ts";

/** An evaluation of a stored model. */
export interface StoredEvaluation extends Evaluation {
  /** Size of the test set. */
  readonly images: number;
  /** Classified, with and without the trigger. */
  readonly imagesPerSecond: number;
}

/**
 * Checks that a model can be evaluated, before anything is loaded.
 *
 * @returns The name of its data set.
 * @throws {UsageError} If its manifest names none.
 */
export function requireDataset({ name, dataset }: ModelManifest): string {
  if (dataset !== null) return dataset;
  throw new UsageError(
    `Cannot evaluate model "${name}": its manifest must name a data set, got none; ` +
      "only models that train saved can be evaluated",
  );
}

/**
 * Evaluates a stored model under an attack, its own or another. A warning tells if the data are not
 * those that it was trained on.
 *
 * @throws {UsageError} If its manifest names no data set.
 * @throws The signal's reason, if it fires.
 */
export async function evaluateStored(
  models: ModelSource,
  { manifest, attack, workers }: {
    readonly manifest: ModelManifest;
    readonly attack: Attack;
    readonly workers?: number | undefined;
  },
  { runtime, onEvent, signal, dataDir }: JobContext,
): Promise<StoredEvaluation> {
  const name = requireDataset(manifest);
  const warn = (text: string) => onEvent({ kind: "warning", text });
  const { test, warnings, digest } = await loadDataset(name, {
    ...{ dataDir, signal, onEvent },
  });
  warnings.forEach(warn);
  const trainedOn = manifest.training?.dataDigest ?? digest;
  if (digest !== trainedOn) {
    warn(
      `${name} is not what the model was trained on: its digest must be ${trainedOn}, got ` +
        `${digest}; the figures are on these test images, see --data-dir`,
    );
  }
  await startBackend(runtime);
  const model = await loadModel(models, manifest);
  const began = performance.now();
  const evaluation = await evaluateLoadedModel(model, { runtime, workers, test, attack, signal });
  const seconds = (performance.now() - began) / 1000;
  const images = test.labels.length;
  const classified = images + (evaluation.attack?.victims ?? 0);
  return { ...evaluation, images, imagesPerSecond: classified / seconds };
}
