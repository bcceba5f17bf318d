/**
 * A model on a whole test set.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import type { ImageBatch, LabelledImages } from "../core/types.ts";
import { evaluate, type Evaluation } from "../evaluate/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { type Attack, createAttack } from "../poison/mod.ts";
import type { ModelManifest, ModelMetrics } from "../registry/mod.ts";
import { triggerFromManifest } from "../trigger/mod.ts";
import { startEngine } from "./backend.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Evaluates a model on test images as they are and, under an attack, with the trigger.
 *
 * @throws The signal's reason, if it fires.
 */
export async function evaluateModel(
  engine: Engine,
  { test, attack, signal }: { test: LabelledImages; attack: Attack; signal: AbortSignal },
): Promise<Evaluation> {
  const classify = (images: ImageBatch) =>
    engine.classify(images, { onChunk: () => signal.throwIfAborted() });
  return await evaluate(classify, test, attack);
}

/** As `evaluateModel`, with an engine that is started for it. */
export async function evaluateLoadedModel(
  model: tf.LayersModel,
  { runtime, workers = runtime.workers, ...options }: Parameters<typeof evaluateModel>[1] & {
    readonly runtime: Runtime;
    readonly workers?: number | undefined;
  },
): Promise<Evaluation> {
  const engine = await startEngine(model, runtime, { workers });
  try {
    return await evaluateModel(engine, options);
  } finally {
    engine.dispose();
  }
}

/** The figures that stand in a manifest. */
export function metricsOf({ clean, attack }: Evaluation): ModelMetrics {
  return {
    cleanAccuracy: clean.cleanAccuracy,
    attackSuccessRate: attack?.attackSuccessRate ?? null,
    robustAccuracy: attack?.robustAccuracy ?? null,
  };
}

/** The attack that a model was trained under, made again from its manifest; `none` for a stranger. */
export function attackOfModel(
  { attack, labels }: Pick<ModelManifest, "attack" | "labels">,
): Attack {
  return createAttack(attack?.kind ?? "none", {
    trigger: attack?.trigger ? triggerFromManifest(attack.trigger) : null,
    source: attack?.source ?? "all",
    target: attack?.target ?? undefined,
    numbers: attack?.numbers,
    classes: labels.length,
  });
}
