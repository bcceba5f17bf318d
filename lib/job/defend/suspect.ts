/**
 * A model that is to be judged, and the images that its defender has.
 *
 * @module
 */

import { fromUser } from "../../core/errors.ts";
import { selectLabelled } from "../../core/select_images.ts";
import type * as tf from "../../core/tfjs.ts";
import type { LabelledImages } from "../../core/types.ts";
import { loadDataset, type LoadedDataset } from "../../data/mod.ts";
import type { Engine } from "../../engine/mod.ts";
import { drawRows, splitHalves } from "../../evaluate/mod.ts";
import type { ModelManifest, ModelSource } from "../../registry/mod.ts";
import { loadModel } from "../../registry/tfjs.ts";
import { startBackend, startEngine } from "../backend.ts";
import type { JobContext } from "../context.ts";

/** A model at work, until it is disposed of. */
export interface Suspect extends Disposable {
  readonly manifest: ModelManifest;
  readonly model: tf.LayersModel;
  readonly engine: Engine;
}

/** Images of the test set, which the model was not trained on. */
export interface DefenderData {
  readonly dataset: LoadedDataset;
  /** What the defender has: drawn from one half. */
  readonly clean: LabelledImages;
  /** The other half: figures are on these. */
  readonly figures: LabelledImages;
}

/** Clean images that a defender has unless another number is asked for. */
export const DEFAULT_CLEAN = 600;

/**
 * Loads a model and starts an engine for it.
 *
 * @returns The model at work; dispose of it.
 * @throws {IntegrityError} If bytes are missing or altered.
 * @throws {ModelError} If no model can be made of them.
 */
export async function openSuspect(
  models: ModelSource,
  { manifest, workers }: {
    readonly manifest: ModelManifest;
    readonly workers?: number | undefined;
  },
  { runtime }: Pick<JobContext, "runtime">,
): Promise<Suspect> {
  await startBackend(runtime);
  using stack = new DisposableStack();
  const model = stack.adopt(await loadModel(models, manifest), (model) => model.dispose());
  const engine = stack.adopt(
    await startEngine(model, runtime, { workers: workers ?? runtime.workers }),
    (engine) => engine.dispose(),
  );
  const disposables = stack.move();
  return { manifest, model, engine, [Symbol.dispose]: () => disposables.dispose() };
}

/**
 * Loads a data set, and draws what a defender has of its test images.
 *
 * @param name The data set.
 * @param options `clean`: how many images, `DEFAULT_CLEAN` unless given; `seed`: of the draw;
 * `isBalanced`: whether as many of each class.
 * @throws {UsageError} If there are not as many in the defender's half.
 * @throws The signal's reason, if it fires.
 */
export async function loadDefenderData(
  name: string,
  { clean = DEFAULT_CLEAN, seed, isBalanced = true }: {
    readonly clean?: number | undefined;
    readonly seed: number;
    readonly isBalanced?: boolean;
  },
  { dataDir, signal, onEvent }: Pick<JobContext, "dataDir" | "signal" | "onEvent">,
): Promise<DefenderData> {
  const dataset = await loadDataset(name, { dataDir, signal, onEvent });
  dataset.warnings.forEach((text) => onEvent({ kind: "warning", text }));
  const { test } = dataset;
  const { defender, figures } = splitHalves(test.labels.length);
  const rows = fromUser(() => drawRows(test.labels, defender, { count: clean, seed, isBalanced }));
  return {
    dataset,
    clean: selectLabelled(test, rows),
    figures: selectLabelled(test, figures),
  };
}
