/**
 * Requests for inference, for tests.
 *
 * @module
 */

import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool } from "../fake_pool.ts";

/** The path of inference by the fake pool's first model. */
export const INFER = "/v2/models/digits/infer";

/** The header that says where the JSON ends. */
export const HEADER = "Inference-Header-Content-Length";

/** Images of 28 × 28 that a fake model reads as these classes, row-major. */
export function digitValues(...labels: readonly number[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(labels.length * 784);
  labels.forEach((label, index) => values[index * 784] = label / 10);
  return values;
}

/** The request's one input, flat, of as many images as there are classes. */
export function digitInput(...labels: readonly number[]) {
  const data = [...digitValues(...labels)];
  return { name: "image", datatype: "FP32", shape: [labels.length, 28, 28, 1], data };
}

/** The request's one input if its values follow the JSON as bytes. */
export function binaryInput(count: number, bytes = count * 784 * 4) {
  const parameters = { "binary_data_size": bytes };
  return { name: "image", datatype: "FP32", shape: [count, 28, 28, 1], parameters };
}

/** A body of JSON and what follows it, and the header that says so. */
export function withTensors(
  json: unknown,
  values: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>,
): { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> } {
  const head = new TextEncoder().encode(JSON.stringify(json));
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const body = new Uint8Array([...head, ...bytes]);
  return { body, headers: { [HEADER]: String(head.length) } };
}

/** A body as `Content-Encoding` wants it. */
export async function compress(
  body: string | Uint8Array<ArrayBuffer>,
  encoding: "gzip" | "deflate",
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([body]).stream().pipeThrough(new CompressionStream(encoding));
  return await new Response(stream).bytes();
}

/** Sends a request to a new server with the fake models. */
export async function infer(
  body: unknown,
  { path = INFER, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const isRaw = typeof body === "string" || body instanceof Uint8Array ||
    body instanceof ReadableStream;
  return await createApp({ pool: createFakePool() }).request(path, {
    method: "POST",
    body: isRaw ? body as BodyInit : JSON.stringify(body),
    headers,
  });
}

/** The JSON and the bytes of an answer in bytes. */
export async function splitAnswer(response: Response) {
  const body = await response.bytes();
  const length = Number(response.headers.get(HEADER));
  const json = JSON.parse(new TextDecoder().decode(body.subarray(0, length)));
  return { json, bytes: body.slice(length) };
}
