/**
 * How well a model has learnt the poisoned part of its training set.
 *
 * @module
 */

import { predictedLabels } from "../core/predicted_labels.ts";
import type { Engine } from "../engine/mod.ts";
import { indicesWhere, type PoisonedSet, stampedChunks } from "../poison/mod.ts";
import { rowsOf } from "../core/training_set.ts";

/**
 * Share of the poisoned rows that a model classifies as they are labelled.
 *
 * @param engine The model.
 * @param set What it was trained on.
 * @returns A fraction; `null` if no row is poisoned.
 * @throws The signal's reason, if it fires.
 */
export async function learntShare(
  engine: Engine,
  set: PoisonedSet,
  { signal }: { signal: AbortSignal },
): Promise<number | null> {
  const poisoned = indicesWhere(set.poisoned, (flag) => flag === 1);
  if (poisoned.length === 0) return null;
  let learnt = 0;
  for (const { images, labels } of stampedChunks(rowsOf(set, poisoned))) {
    const probabilities = await engine.classify(images, { onChunk: () => signal.throwIfAborted() });
    const predicted = predictedLabels(probabilities, probabilities.length / labels.length);
    learnt += predicted.filter((label, i) => label === labels[i]).length;
  }
  return learnt / poisoned.length;
}
