/**
 * The data sets. A new one is one file and one line here.
 *
 * @module
 */

import { NotFoundError } from "../core/errors.ts";
import type { DatasetDefinition, LoadedDataset, LoadOptions } from "./dataset.ts";
import { fashionMnist } from "./fashion_mnist.ts";
import { mnist } from "./mnist.ts";

export type { Dataset, DatasetDefinition, LoadedDataset, LoadOptions } from "./dataset.ts";

/** Every data set there is. */
export const datasets: readonly DatasetDefinition[] = [mnist, fashionMnist];

/**
 * Reads a data set into memory.
 *
 * @param name One of the names in `datasets`.
 * @param options Where to read it from.
 * @throws {NotFoundError} If there is no such data set, or a file of it is missing.
 * @throws {IntegrityError} If a file is broken or does not hold what it should.
 *
 * @example
 * ```ts
 * import { loadDataset } from "./mod.ts";
 * import assert from "node:assert/strict";
 *
 * const { train, test } = await loadDataset("mnist");
 * assert.deepEqual(train.images.shape, [60000, 28, 28, 1]);
 * assert.deepEqual([...test.labels.subarray(0, 3)], [7, 2, 1]);
 * ```
 */
export async function loadDataset(name: string, options?: LoadOptions): Promise<LoadedDataset> {
  const definition = datasets.find((dataset) => dataset.name === name);
  if (!definition) {
    const known = datasets.map((dataset) => dataset.name).join(", ");
    throw new NotFoundError(
      `Cannot load data set ${JSON.stringify(name)}: name must be one of ${known}`,
    );
  }
  return await definition.load(options);
}
