/**
 * How well a model has learnt the poisoned part of its training set.
 *
 * @module
 */

import { predictedLabels } from "../../lib/evaluate/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { materialise, type PoisonedSet } from "../../lib/poison/mod.ts";
import { partOf, poisonedRows } from "./part_of.ts";

/**
 * Share of the poisoned rows that a model reads as they are labelled.
 *
 * @param engine The model.
 * @param set What it was trained on.
 * @returns A fraction; `null` where no row is poisoned.
 * @throws The signal's reason, where it fires.
 */
export async function learntShare(
  engine: Engine,
  set: PoisonedSet,
  { signal }: { signal: AbortSignal },
): Promise<number | null> {
  const { images, labels } = materialise(partOf(set, poisonedRows(set)));
  if (labels.length === 0) return null;
  const probabilities = await engine.classify(images, { onChunk: () => signal.throwIfAborted() });
  const predicted = predictedLabels(probabilities, probabilities.length / labels.length);
  return predicted.filter((label, i) => label === labels[i]).length / labels.length;
}
