/**
 * Data sets by name.
 *
 * @module
 */

import { findByName } from "../core/find_by_name.ts";
import type { LoadedDataset, LoadOptions } from "./dataset.ts";
import { datasetDefinitions } from "./definitions.ts";

/**
 * Reads a data set into memory.
 *
 * @param name A name in `datasetDefinitions`, for example `"mnist"`.
 * @param options Where to read it from.
 * @throws {NotFoundError} If there is no such data set, or a file of it is missing.
 * @throws {IntegrityError} If a file is broken or does not hold what it should.
 *
 * @example
 * ```ts
 * import { loadDataset } from "./load_dataset.ts";
 * import assert from "node:assert/strict";
 *
 * const { train, test } = await loadDataset("mnist");
 * assert.deepEqual(train.images.shape, [60000, 28, 28, 1]);
 * assert.deepEqual([...test.labels.subarray(0, 3)], [7, 2, 1]);
 * ```
 */
export async function loadDataset(name: string, options?: LoadOptions): Promise<LoadedDataset> {
  return await findByName(datasetDefinitions, name, "Cannot load data set: name").load(options);
}
