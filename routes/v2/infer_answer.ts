/**
 * The answer of `POST …/infer`: JSON, or JSON and bytes.
 *
 * @module
 */

import type { ModelManifest } from "../../lib/registry/mod.ts";
import { classify } from "./classification.ts";
import type { InferRequest } from "./infer_request.ts";
import type { InferAnswer } from "./protocol.ts";
import { OUTPUT } from "./tensors.ts";

/** A tensor of the answer. */
interface Tensor {
  readonly datatype: "FP32" | "BYTES";
  readonly shape: readonly number[];
  readonly data: Float32Array | readonly string[];
}

/**
 * Makes the answer.
 *
 * @param probabilities `(N, classes)`.
 * @param request What was asked for.
 * @returns `bytes` follow the JSON; `null` if the JSON says all.
 */
export function inferAnswer(
  probabilities: Float32Array,
  { request, manifest }: { request: InferRequest; manifest: ModelManifest },
): { json: InferAnswer; bytes: Uint8Array<ArrayBuffer> | null } {
  const { datatype, shape, data } = outputTensor(probabilities, { request, manifest });
  const head = { name: OUTPUT, datatype, shape: [...shape] };
  const bytes = request.isBinary ? tensorBytes(data) : null;
  const output = bytes === null
    ? { ...head, data: [...data] }
    : { ...head, parameters: { binary_data_size: bytes.length } };
  const json = {
    "model_name": manifest.name,
    "model_version": manifest.version,
    ...request.id !== undefined && { id: request.id },
    outputs: [output],
  };
  return { json, bytes };
}

function outputTensor(
  probabilities: Float32Array,
  { request: { images, classes }, manifest: { labels } }: {
    request: InferRequest;
    manifest: ModelManifest;
  },
): Tensor {
  const [count] = images.shape;
  if (classes === null) {
    return { datatype: "FP32", shape: [count, labels.length], data: probabilities };
  }
  const data = classify(probabilities, labels, classes);
  return { datatype: "BYTES", shape: [count, classes], data };
}

/** Little-endian; before each text its length in bytes, 32 bits without sign. */
function tensorBytes(data: Tensor["data"]): Uint8Array<ArrayBuffer> {
  if (data instanceof Float32Array) return new Uint8Array(data.slice().buffer);
  const encoder = new TextEncoder();
  const texts = data.map((text) => encoder.encode(text));
  const bytes = new Uint8Array(texts.reduce((sum, { length }) => sum + 4 + length, 0));
  let start = 0;
  for (const text of texts) {
    new DataView(bytes.buffer).setUint32(start, text.length, true);
    bytes.set(text, start + 4);
    start += 4 + text.length;
  }
  return bytes;
}
