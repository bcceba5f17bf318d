/**
 * What a request asks a model for: the parsing of the body of `POST …/infer`.
 *
 * @module
 */

import * as v from "valibot";
import { UsageError } from "../../lib/core/errors.ts";
import type { BatchShape, ImageBatch } from "../../lib/core/types.ts";
import type { ModelManifest } from "../../lib/registry/mod.ts";
import { quote } from "../quote.ts";
import { parseJson } from "./parse_json.ts";
import { type InferRequestJson, inferRequestSchema, type RequestInput } from "./protocol.ts";
import { valuesFromBytes, valuesFromJson } from "./read_tensor.ts";
import { INPUT, maxBatchSize, OUTPUT, VALUE_BYTES } from "./tensors.ts";

/** A request for inference. */
export interface InferRequest {
  /** Is answered as it came. */
  readonly id?: string | undefined;
  /** `(N, H, W, C)` of the model's input; values in 0–1. */
  readonly images: ImageBatch;
  /** Whether the output goes back in bytes. */
  readonly isBinary: boolean;
  /** How many classes are asked for in place of all probabilities, from 1; `null` if none. */
  readonly classes: number | null;
}

/**
 * Parses a request.
 *
 * @param body The JSON, and after it the tensors that are sent as bytes.
 * @param options.header The header `Inference-Header-Content-Length`: bytes of the JSON. Without it,
 * all is JSON; if it is 0, all is the one input's tensor, one image, and the output goes back in bytes.
 * @param options.manifest The model that is asked.
 * @throws {UsageError} If it is no request that the model can answer.
 */
export function parseInferRequest(
  body: Uint8Array,
  { header, manifest }: { header: string | undefined; manifest: ModelManifest },
): InferRequest {
  const jsonBytes = header === undefined ? body.length : parseHeader(header, body.length);
  if (header !== undefined && jsonBytes === 0) {
    const shape = [1, ...manifest.input] as const;
    return { images: imagesFromBytes(body, shape), isBinary: true, classes: null };
  }
  const request = checkForm(parseJson(body.subarray(0, jsonBytes)));
  for (const name of Object.keys(request.parameters ?? {})) {
    if (name.startsWith("triton_")) throw unreadable(`parameters must not begin with "triton_"`);
  }
  const images = readImages(request.inputs, { tensors: body.subarray(jsonBytes), manifest });
  return { id: request.id, images, ...readOutput(request, manifest.labels.length) };
}

/** Bytes of the JSON. */
function parseHeader(header: string, bodyBytes: number): number {
  const length = /^\d{1,15}$/.test(header) ? Number(header) : NaN;
  if (length <= bodyBytes) return length;
  throw unreadable(
    `Inference-Header-Content-Length must be an integer from 0 to the length of the body, ` +
      `${bodyBytes}, got ${quote(header)}`,
  );
}

function checkForm(json: unknown): InferRequestJson {
  const { success, issues, output } = v.safeParse(inferRequestSchema, json, { abortEarly: true });
  if (success) return output;
  const [issue] = issues;
  const where = v.getDotPath(issue) ?? "the JSON";
  const expected = issue.type === "custom" ? issue.message : issue.expected;
  throw unreadable(`${quote(where)} must be ${expected}, got ${quote(issue.received)}`);
}

/** The one input's images. */
function readImages(
  inputs: readonly RequestInput[],
  { tensors, manifest }: { tensors: Uint8Array; manifest: ModelManifest },
): ImageBatch {
  const [input, another] = inputs;
  if (input === undefined || another !== undefined || input.name !== INPUT) {
    const got = inputs.slice(0, 3).map(({ name }) => quote(name)).join(", ") || "none";
    throw unreadable(`inputs must be the one "${INPUT}", got ${got}`);
  }
  if (input.datatype !== "FP32") {
    throw unreadable(`the datatype of "${INPUT}" must be FP32, got ${quote(input.datatype)}`);
  }
  const shape = checkShape(input.shape, manifest);
  const binaryBytes = input.parameters?.binary_data_size;
  if (binaryBytes === undefined) {
    if (tensors.length > 0) {
      throw unreadable(
        `${tensors.length} bytes follow the JSON, and no input has the parameter binary_data_size`,
      );
    }
    return { data: valuesFromJson(input.data, shape), shape };
  }
  if (input.data !== undefined) {
    throw unreadable(`"${INPUT}" must have data or the parameter binary_data_size, got both`);
  }
  if (binaryBytes !== tensors.length) {
    throw unreadable(
      `binary_data_size must be the number of bytes that follow the JSON, ${tensors.length}, got ` +
        `${binaryBytes}; the header Inference-Header-Content-Length says where the JSON ends`,
    );
  }
  return imagesFromBytes(tensors, shape);
}

function checkShape(shape: readonly number[], manifest: ModelManifest): BatchShape {
  const [count = 0, ...size] = shape;
  const most = maxBatchSize(manifest);
  if (Number.isSafeInteger(count) && count >= 1 && count <= most) {
    // Element by element: as texts, very different arrays could be equal.
    const isModels = size.length === manifest.input.length &&
      manifest.input.every((extent, index) => extent === size[index]);
    if (isModels) return [count, ...manifest.input];
  }
  throw unreadable(
    `the shape of "${INPUT}" must be [N, ${manifest.input.join(", ")}] with N from 1 to ${most}, ` +
      `got [${quoteList(shape)}]`,
  );
}

function imagesFromBytes(bytes: Uint8Array, shape: BatchShape): ImageBatch {
  const expected = VALUE_BYTES * shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length !== expected) {
    throw unreadable(
      `the tensor "${INPUT}" of the shape [${shape.join(", ")}] must have ${expected} bytes, got ` +
        `${bytes.length}`,
    );
  }
  return { data: valuesFromBytes(bytes), shape };
}

function readOutput(
  { parameters, outputs = [] }: InferRequestJson,
  classes: number,
): Pick<InferRequest, "isBinary" | "classes"> {
  const [output, another] = outputs;
  if (another !== undefined || (output !== undefined && output.name !== OUTPUT)) {
    const got = outputs.slice(0, 3).map(({ name }) => quote(name)).join(", ");
    throw unreadable(`outputs must be the one "${OUTPUT}", or left out, got ${got}`);
  }
  const wanted = output?.parameters?.classification ?? 0;
  return {
    isBinary: output?.parameters?.binary_data ?? parameters?.binary_data_output ?? false,
    // As Triton does: no more than there are, and zero is none.
    classes: wanted === 0 ? null : Math.min(wanted, classes),
  };
}

function unreadable(what: string): UsageError {
  return new UsageError(`Cannot read the request: ${what}`);
}

function quoteList(numbers: readonly number[]): string {
  return numbers.slice(0, 6).join(", ") + (numbers.length > 6 ? ", …" : "");
}
