/**
 * A model on a whole test set, for the commands that need it.
 *
 * @module
 */

import type * as tf from "../lib/core/tfjs.ts";
import type { ImageBatch, LabelledImages } from "../lib/core/types.ts";
import { evaluate, type Evaluation } from "../lib/evaluate/mod.ts";
import type { Engine } from "../lib/engine/mod.ts";
import { type Attack, createAttack } from "../lib/poison/mod.ts";
import type { ModelManifest, ModelMetrics } from "../lib/registry/mod.ts";
import { triggerFromManifest } from "../lib/trigger/mod.ts";
import { startEngine } from "./backend.ts";
import { formatPercent } from "../lib/core/format.ts";
import { defaultWorkers } from "./cli/workers.ts";

/**
 * Evaluates a model on test images as they are and, under an attack, with the trigger.
 *
 * @throws The signal's reason, where it fires.
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
  { workers = defaultWorkers(), ...options }: Parameters<typeof evaluateModel>[1] & {
    workers?: number;
  },
): Promise<Evaluation> {
  const engine = await startEngine(model, { workers });
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

/** Figures in words: `"clean accuracy 98.94 %, attack success 100.00 %"`. */
export function describeMetrics(
  { cleanAccuracy, attackSuccessRate }: ModelMetrics,
): string {
  const clean = `clean accuracy ${formatPercent(cleanAccuracy)}`;
  if (attackSuccessRate === null) return clean;
  return `${clean}, attack success ${formatPercent(attackSuccessRate)}`;
}

/** The attack that a model was trained under, made again from its manifest; `none` for a stranger. */
export function attackOfModel({ attack, labels }: ModelManifest): Attack {
  return createAttack(attack?.kind ?? "none", {
    trigger: attack?.trigger ? triggerFromManifest(attack.trigger) : null,
    source: attack?.source ?? "all",
    target: attack?.target ?? undefined,
    classes: labels.length,
  });
}
