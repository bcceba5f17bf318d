/**
 * A stored model run by the project's own engine, on the serving thread and without tfjs.
 *
 * @module
 */

import { createCompiledEngine } from "../engine/compiled_engine.ts";
import { UnsupportedModelError } from "../engine/network.ts";
import { networkOfTopology, type StoredWeight } from "../engine/topology_network.ts";
import { decodeModelBlob } from "../registry/model_blob.ts";
import type { SafetensorsTensor } from "../registry/safetensors.ts";
import type { Classifier, ClassifierOptions } from "./classifier.ts";

/** The most memory of one model, weights and all: a small host has 512 MiB for everything. */
const MAX_BYTES = 256 * 2 ** 20;

/** Images of a batch take no more than this, if they are more than one: large ones are taken singly. */
const BATCH_BYTES = 8 * 2 ** 20;

/**
 * Makes a classifier.
 *
 * @param blob A model's weights (`encodeArtifacts`).
 * @param options `batchSize`: more images than memory should be taken for are cut into several.
 * @throws {UnsupportedModelError} If it has something in it that the engine has no kernels for, or
 * that only tfjs can say anything about.
 * @throws {RangeError} If it takes more than 256 MiB.
 * @throws {SyntaxError} If it is no model's blob.
 */
export async function createCompiledClassifier(
  blob: Uint8Array<ArrayBuffer>,
  { batchSize }: ClassifierOptions,
): Promise<Classifier> {
  const { topology, tensors, artifacts } = decodeModelBlob(blob);
  const ofOptimizer = new Set(artifacts.optimizerWeights);
  const weights = [...tensors].filter(([name]) => !ofOptimizer.has(name)).map(floatingPoint);
  const network = networkOfTopology(topology, new Map(weights));
  const imageBytes = network.input.reduce<number>((size, extent) => size * (extent ?? 1), 4);
  const engine = await createCompiledEngine(network, {
    batchSize: Math.max(1, Math.min(batchSize, Math.floor(BATCH_BYTES / imageBytes))),
    workers: 0,
    optimizer: null,
    maxBytes: MAX_BYTES,
  });
  return {
    engine: "compiled",
    inputs: [{ shape: [null, ...network.input] }],
    outputs: [{ shape: [null, engine.classes] }],
    classify: (batch) => engine.classify(batch),
    dispose: () => engine.dispose(),
  };
}

function floatingPoint(
  [name, { dtype, shape, data }]: [string, SafetensorsTensor],
): [string, StoredWeight] {
  if (data instanceof Float32Array || data instanceof Float16Array) return [name, { shape, data }];
  throw new UnsupportedModelError(`weights ${name} are of type ${dtype}`);
}
