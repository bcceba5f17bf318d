/**
 * Networks by name.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import { findByName } from "../core/find_by_name.ts";
import type { ArchitectureOptions } from "./architecture.ts";
import { architectures } from "./definitions.ts";

/**
 * Builds a network with fresh weights. The tfjs backend must be ready.
 *
 * @param name A name in `architectures`, for example `"article"`.
 * @param options Input shape, number of classes, seed; the depth, where the network has a choice; the
 * statistics of the training set, where it is to standardise.
 * @throws {NotFoundError} If there is no such network; names those there are.
 * @throws {RangeError} If the network cannot have that depth.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import "../wasm/mod.ts";
 * import { createModel } from "./create_model.ts";
 * import assert from "node:assert/strict";
 *
 * await tf.setBackend("wasm");
 * const model = createModel("article", { input: [28, 28, 1], classes: 10, seed: 1 });
 * assert.equal(model.countParams(), 1_199_882);
 * ```
 */
export function createModel(name: string, options: ArchitectureOptions): tf.LayersModel {
  return findByName(architectures, name, "Cannot build a network: its name").create(options);
}
