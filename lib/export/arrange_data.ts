/**
 * Which rows of a poisoned data set are written, and in which order.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import { selectLabelled } from "../core/select_images.ts";
import { rowsOf } from "../core/training_set.ts";
import type { LabelledImages } from "../core/types.ts";
import { type TriggeredImages, triggeredImages } from "../poison/mod.ts";
import type { TrainingData } from "../job/mod.ts";

/** What is chosen; everything, in its order, if left out. */
export interface Arrangement {
  /** Of the random numbers. */
  readonly seed: number;
  /** Whether training rows are shuffled; else the rows that an attack adds stand behind the others. */
  readonly shuffle?: boolean;
  /** Test images, the first of a shuffle. */
  readonly limitTest?: number;
}

/** A poisoned data set as it is written. */
export interface ArrangedData extends TrainingData {
  /** The test images, N of them. */
  readonly test: LabelledImages;
  /** The index of each in the data set, `(N)`. */
  readonly testIndices: Uint32Array;
  /** Those that the attack has a target for, with the trigger; `null` if nothing is stamped. */
  readonly triggered: TriggeredImages | null;
}

/** Chooses rows and orders them. The same arrangement of the same data is the same. */
export function arrangeData(
  data: TrainingData,
  { seed, shuffle = false, limitTest = Infinity }: Arrangement,
): ArrangedData {
  const { dataset, attack, set } = data;
  const shuffled = (count: number, stream: string) =>
    createRandom(seed, stream).shuffle(upTo(count));
  const all = upTo(dataset.test.labels.length);
  const isWhole = limitTest >= all.length;
  const testIndices = isWhole ? all : shuffled(all.length, "limit test").slice(0, limitTest);
  const test = isWhole ? dataset.test : selectLabelled(dataset.test, testIndices);
  return {
    ...data,
    set: shuffle ? rowsOf(set, shuffled(set.rows.length, "shuffle written rows")) : set,
    test,
    testIndices,
    triggered: triggeredImages(test, attack, { indices: testIndices }),
  };
}

function upTo(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}
