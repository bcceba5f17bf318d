/**
 * The data filter of the clean-label paper: training sets, ranked by the loss of a model that was
 * trained on a small clean part of the data.
 *
 * @module
 */

import { countFound, type LossRanking, rankByLoss } from "../defence/mod.ts";
import type { Engine } from "../engine/mod.ts";
import { type PoisonedSet, stampedChunks } from "../poison/mod.ts";
import type { FilterResult } from "../report/mod.ts";
import { type JobContext, loadTrainingData, type TrainingJob } from "../job/mod.ts";

/**
 * What a model finds of the poisoned rows of training sets. The clean part that it was trained on is
 * in them as a rule, and ranks low.
 *
 * @param engine The model.
 * @param ranked The sets, and how much of each ranking is looked at.
 * @throws The signal's reason, if it fires.
 */
export async function filterSets(
  engine: Engine,
  { jobs, rowsForEach }: {
    /** The trainings whose sets they are, by what the report calls their attacks. */
    readonly jobs: Readonly<Record<string, TrainingJob>>;
    /** Rows for each poisoned one that are looked at, rising. */
    readonly rowsForEach: readonly number[];
  },
  context: JobContext,
): Promise<FilterResult[]> {
  const results: FilterResult[] = [];
  for (const [attack, job] of Object.entries(jobs)) {
    const { set } = await loadTrainingData(job, context);
    const ranking = await rankSet(engine, set, context.signal);
    const { poisoned } = set.manifest;
    results.push({
      attack,
      trainImages: set.rows.length,
      poisoned,
      found: rowsForEach.map((rows) => countFound(ranking, set.poisoned, { top: rows * poisoned })),
    });
  }
  return results;
}

/**
 * Ranks a training set, as it is trained on but for augmentation, by a model's loss.
 *
 * @throws The signal's reason, if it fires.
 */
export async function rankSet(
  engine: Engine,
  set: PoisonedSet,
  signal: AbortSignal,
): Promise<LossRanking> {
  let probabilities = new Float32Array();
  for (const { first, images } of stampedChunks(set)) {
    const chunk = await engine.classify(images, { onChunk: () => signal.throwIfAborted() });
    const classes = chunk.length / images.shape[0];
    if (first === 0) probabilities = new Float32Array(set.rows.length * classes);
    probabilities.set(chunk, first * classes);
  }
  return rankByLoss(probabilities, set.labels);
}
