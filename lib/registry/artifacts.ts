/**
 * tfjs model artifacts as one safetensors blob and back: the tensors are the weights, and the
 * topology stands in the header's metadata, so that a blob alone is a whole model.
 *
 * @module
 */

import { sha256Sync } from "../core/digest.ts";
import * as tf from "../core/tfjs.ts";
import type { Json } from "../core/types.ts";
// For tfjs to know the layer in a topology; models would not load without it.
import "../model/standardisation.ts";
import { blobFormat, decodeModelBlob } from "./model_blob.ts";
import {
  encodeSafetensors,
  type SafetensorsData,
  type SafetensorsDtype,
  type SafetensorsTensor,
} from "./safetensors.ts";

/** How a blob is written. */
export interface EncodeOptions {
  /**
   * Stores float32 weights in half precision, for half the size and about three decimal digits;
   * they are widened again on reading.
   */
  readonly halfPrecision?: boolean;
}

/**
 * Packs a tfjs model.
 *
 * @param artifacts What `model.save` hands to its handler: a `LayersModel`'s topology and weights
 * (float32, int32 or bool, not quantised), with its training configuration and metadata if any.
 * @returns A safetensors file; the same artifacts give the same bytes.
 * @throws {TypeError} If the artifacts have no JSON topology or no weights, a weight is of a type
 * that safetensors files of tfjs models do not hold, or two weights share a name.
 * @throws {RangeError} If a weight is too large for half precision, or the bytes are not as many as
 * the specifications say.
 */
export function encodeArtifacts(
  artifacts: tf.io.ModelArtifacts,
  { halfPrecision = false }: EncodeOptions = {},
): Uint8Array<ArrayBuffer> {
  const { tensors, optimizerWeights } = takeWeights(artifacts);
  if (halfPrecision) {
    for (const [name, tensor] of tensors) tensors.set(name, narrow(name, tensor));
  }
  const { modelTopology, weightSpecs: _, weightData: __, getWeightStream: ___, ...rest } =
    artifacts;
  return encodeSafetensors(tensors, {
    format: blobFormat,
    modelTopology: JSON.stringify(modelTopology),
    artifacts: JSON.stringify({ ...rest, optimizerWeights }),
  });
}

/**
 * The digest of what a network computes: its layers and its weights. Two models have the same one if
 * they give the same answers to every image, however they were stored and whatever is told of them.
 *
 * @param artifacts As for `encodeArtifacts`, which says what it throws.
 * @returns 64 lower-case hexadecimal digits.
 */
export function fingerprint(artifacts: tf.io.ModelArtifacts): string {
  const { tensors, optimizerWeights } = takeWeights(artifacts);
  for (const name of optimizerWeights) tensors.delete(name);
  // A network that was read from elsewhere has its layers one level down.
  const { model_config: network = artifacts.modelTopology } = artifacts
    .modelTopology as { readonly model_config?: object };
  const { class_name: kind, config } = network as { class_name?: Json; config?: Json };
  const topology = JSON.stringify(inOneOrder({ kind: kind ?? null, config: config ?? null }));
  return sha256Sync(encodeSafetensors(tensors, { topology }));
}

/**
 * Unpacks a tfjs model.
 *
 * @param blob What `encodeArtifacts` made.
 * @returns Artifacts for `tf.loadLayersModel(tf.io.fromMemory(artifacts))`, all weights in tfjs's
 * own types; bit for bit those that were packed, unless in half precision.
 * @throws {SyntaxError} If the blob is no safetensors file or holds no tfjs model.
 */
export function decodeArtifacts(blob: Uint8Array): tf.io.ModelArtifacts {
  const { topology, tensors, artifacts: { optimizerWeights, ...rest } } = decodeModelBlob(blob);
  const ofOptimizer = new Set(optimizerWeights);
  const weightSpecs: tf.io.WeightsManifestEntry[] = [];
  const parts: ArrayBuffer[] = [];
  for (const [name, tensor] of tensors) {
    weightSpecs.push({
      name,
      shape: [...tensor.shape],
      dtype: tfjsDtype(name, tensor.dtype),
      ...(ofOptimizer.has(name) ? { group: "optimizer" as const } : {}),
    });
    const { data } = tensor.dtype === "F16" ? widen(tensor) : tensor;
    parts.push(new Uint8Array(bytesOf(data)).buffer);
  }
  return {
    ...rest,
    modelTopology: topology,
    weightSpecs,
    weightData: tf.io.concatenateArrayBuffers(parts),
  };
}

/** A model's weights by name, and the names of those that are the optimizer's. */
interface NamedWeights {
  readonly tensors: Map<string, SafetensorsTensor>;
  readonly optimizerWeights: readonly string[];
}

function takeWeights(artifacts: tf.io.ModelArtifacts): NamedWeights {
  const { modelTopology, weightSpecs, weightData } = artifacts;
  if (modelTopology === undefined || modelTopology instanceof ArrayBuffer) {
    throw new TypeError("Cannot store a model: its topology must be JSON (a tfjs LayersModel's)");
  }
  if (weightSpecs === undefined || weightData === undefined) {
    throw new TypeError("Cannot store a model: it must have weights; save it with them");
  }
  const bytes = Array.isArray(weightData) ? tf.io.concatenateArrayBuffers(weightData) : weightData;
  const tensors = new Map<string, SafetensorsTensor>();
  const optimizerWeights: string[] = [];
  let offset = 0;
  for (const spec of weightSpecs) {
    if (tensors.has(spec.name)) {
      throw new TypeError(`Cannot store a model: two weights are named "${spec.name}"`);
    }
    const tensor = takeWeight(spec, bytes, offset);
    offset += tensor.data.byteLength;
    tensors.set(spec.name, tensor);
    if (spec.group === "optimizer") optimizerWeights.push(spec.name);
  }
  if (offset !== bytes.byteLength) {
    throw new RangeError(
      `Cannot store a model: its weights must have ${offset} bytes, got ${bytes.byteLength}`,
    );
  }
  return { tensors, optimizerWeights };
}

/** JSON without what is null, keys in order: tfjs writes a loaded layer otherwise than a new one. */
function inOneOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOneOrder);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && each !== undefined)
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, each]) => [key, inOneOrder(each)]),
  );
}

function takeWeight(
  spec: tf.io.WeightsManifestEntry,
  bytes: ArrayBuffer,
  offset: number,
): SafetensorsTensor {
  const { name, shape, dtype, quantization } = spec;
  if (quantization !== undefined) {
    throw new TypeError(`Cannot store weight "${name}": it must not be quantised by tfjs`);
  }
  const count = shape.reduce((product, size) => product * size, 1);
  const byteLength = count * (dtype === "bool" ? 1 : 4);
  if (offset + byteLength > bytes.byteLength) {
    throw new RangeError(
      `Cannot store weight "${name}": its bytes must end by ${bytes.byteLength}, got ` +
        `${offset + byteLength}`,
    );
  }
  // A copy: weights after a bool one may lie where no float can be viewed.
  const own = bytes.slice(offset, offset + byteLength);
  switch (dtype) {
    case "float32":
      return { dtype: "F32", shape, data: new Float32Array(own) };
    case "int32":
      return { dtype: "I32", shape, data: new Int32Array(own) };
    case "bool":
      return { dtype: "BOOL", shape, data: new Uint8Array(own) };
    default:
      throw new TypeError(
        `Cannot store weight "${name}": dtype must be float32, int32 or bool, got ${dtype}`,
      );
  }
}

function tfjsDtype(name: string, dtype: SafetensorsDtype): "float32" | "int32" | "bool" {
  switch (dtype) {
    case "F32":
    case "F16":
      return "float32";
    case "I32":
      return "int32";
    case "BOOL":
      return "bool";
    default:
      throw new SyntaxError(
        `Cannot read weight "${name}": dtype must be F32, F16, I32 or BOOL, got ${dtype}`,
      );
  }
}

function narrow(name: string, tensor: SafetensorsTensor): SafetensorsTensor {
  if (tensor.dtype !== "F32") return tensor;
  const data = new Float16Array(tensor.data);
  const overflow = data.findIndex((value, i) =>
    !Number.isFinite(value) && Number.isFinite(tensor.data[i])
  );
  if (overflow !== -1) {
    throw new RangeError(
      `Cannot store weight "${name}" in half precision: values must be within ±65504, got ` +
        `${tensor.data[overflow]}; store this model in full precision`,
    );
  }
  return { dtype: "F16", shape: tensor.shape, data };
}

function widen({ shape, data }: SafetensorsTensor): SafetensorsTensor {
  return { dtype: "F32", shape, data: new Float32Array(data) };
}

function bytesOf(data: SafetensorsData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
