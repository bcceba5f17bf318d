/**
 * Spans for OpenTelemetry, which Deno exports by itself if `OTEL_DENO` is set; if it is not, a span
 * costs a function call.
 *
 * @module
 */

import { type Attributes, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { VERSION } from "../core/version.ts";

const tracer = trace.getTracer("edgedoor", VERSION);

/**
 * Runs a piece of work within a span of its own, a child of the one that is active.
 *
 * @param name What is done: `decode`, `load`, `infer`.
 * @param attributes What is said of it. No image, and nothing of a request's body or query.
 * @returns What the work returns.
 * @throws What the work throws; the span says of it the error's class alone.
 *
 * @example
 * ```ts
 * import { inSpan } from "./span.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(await inSpan("decode", {}, () => 7), 7);
 * ```
 */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: () => T | Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function fail(span: Span, error: unknown): void {
  span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
  span.setStatus({ code: SpanStatusCode.ERROR });
}
