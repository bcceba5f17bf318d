/**
 * A model's blob without tfjs: the safetensors file that `artifacts.ts` writes.
 *
 * @module
 */

import { decodeSafetensors, type SafetensorsTensor } from "./safetensors.ts";

/** What the metadata's `format` says of a blob that holds a tfjs `LayersModel`. */
export const blobFormat = "tfjs-layers-model";

/** What a blob holds. */
export interface ModelBlob {
  /** tfjs's `modelTopology`; whether it describes a model is for its reader to see. */
  readonly topology: object;
  /** All weights by tfjs's names, in the order in which they lie. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** Everything else that tfjs stores with a model. */
  readonly artifacts: {
    /** Names of weights that are the optimizer's. */
    readonly optimizerWeights: readonly string[];
    readonly [name: string]: unknown;
  };
}

/**
 * Unpacks a blob.
 *
 * @param blob What `encodeArtifacts` made.
 * @throws {SyntaxError} If it is no safetensors file, or holds no tfjs model.
 */
export function decodeModelBlob(blob: Uint8Array): ModelBlob {
  const { tensors, metadata } = decodeSafetensors(blob);
  if (metadata.format !== blobFormat || !metadata.modelTopology || !metadata.artifacts) {
    throw new SyntaxError(
      `Cannot read model: metadata "format" must be "${blobFormat}", with a topology, got ` +
        `"${metadata.format}"`,
    );
  }
  const { optimizerWeights = [], ...rest } = JSON.parse(metadata.artifacts);
  const topology = JSON.parse(metadata.modelTopology);
  return { topology, tensors, artifacts: { ...rest, optimizerWeights } };
}
