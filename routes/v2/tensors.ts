/**
 * The tensors of every model that is served: one input, one output.
 *
 * @module
 */

import type { ModelManifest } from "../../lib/registry/mod.ts";
import { MAX_V2_BYTES } from "./read_body.ts";

/** Name of the input: images, FP32 `(N, H, W, C)`, values in 0–1. */
export const INPUT = "image";

/** Name of the output: FP32 `(N, classes)`. */
export const OUTPUT = "probabilities";

/** Bytes of an FP32 value. */
export const VALUE_BYTES = 4;

/** Values of one image of a model. */
export function valuesPerImage({ input }: ModelManifest): number {
  return input.reduce((product, extent) => product * extent, 1);
}

/** Images that one request may hold: as many as a body has room for. At least one is allowed. */
export function maxBatchSize(manifest: ModelManifest): number {
  return Math.max(1, Math.floor(MAX_V2_BYTES / (VALUE_BYTES * valuesPerImage(manifest))));
}
