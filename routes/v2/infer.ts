/**
 * `POST /v2/models/{name}/infer`, also with `/versions/{version}`: images in, probabilities out.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { setMetric } from "hono/timing";
import type { ServedManifest } from "../../lib/registry/mod.ts";
import type { AppEnv } from "../env.ts";
import { describeInfer } from "./describe.ts";
import { loadModel, resolveModel } from "./find_model.ts";
import { inferAnswer } from "./infer_answer.ts";
import { parseInferRequest } from "./infer_request.ts";
import { readBody } from "./read_body.ts";
import type { InferTimes, Statistics } from "./statistics.ts";

/** Some dozens of digits, as JSON. */
const SMALL_BYTES = 256 * 1024;

/** Of the binary tensor data extension: where the JSON ends. */
const HEADER_LENGTH = "Inference-Header-Content-Length";

/**
 * The route of inference, below a model's.
 *
 * @param statistics Counts each request to a known model.
 */
export function createInferRoute(statistics: Statistics): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/", describeInfer, async (c) => {
    using _place = c.get("places").take(isLarge(c) ? "large" : "small");
    const manifest = await resolveModel(c);
    const start = performance.now();
    try {
      const { response, images, times } = await infer(c, manifest);
      setMetric(c, "infer", times.infer);
      statistics.succeed(manifest, images, times);
      return response;
    } catch (error) {
      statistics.fail(manifest, performance.now() - start);
      throw error;
    }
  });
}

/** Whether a request may hold many images: what is compressed may be anything. */
function isLarge(c: Context<AppEnv>): boolean {
  return c.get("body").length > SMALL_BYTES || c.req.header("Content-Encoding") !== undefined;
}

async function infer(c: Context<AppEnv>, manifest: ServedManifest) {
  const lap = createStopwatch();
  const body = await readBody(c);
  lap();
  const request = parseInferRequest(body, { header: c.req.header(HEADER_LENGTH), manifest });
  const input = lap();
  const model = await loadModel(c, manifest);
  const queue = lap();
  const probabilities = await model.predict(request.images, { signal: c.req.raw.signal });
  const infer = lap();
  const { json, bytes } = inferAnswer(probabilities, { request, manifest });
  const response = bytes === null ? c.json(json) : answerBinary(c, JSON.stringify(json), bytes);
  const times: InferTimes = { queue, input, infer, output: lap() };
  return { response, images: request.images.shape[0], times };
}

function answerBinary(
  c: Context<AppEnv>,
  json: string,
  bytes: Uint8Array<ArrayBuffer>,
): Response {
  const head = new TextEncoder().encode(json);
  const body = new Uint8Array(head.length + bytes.length);
  body.set(head);
  body.set(bytes, head.length);
  return c.body(body, 200, {
    "Content-Type": "application/octet-stream",
    [HEADER_LENGTH]: String(head.length),
  });
}

/** Milliseconds since it was last asked. */
function createStopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return last - before;
  };
}
