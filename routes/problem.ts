/**
 * Every error that leaves the server is made here: RFC 9457 `application/problem+json`, and under
 * `/v2` the `{ "error": … }` of the Open Inference Protocol.
 *
 * @module
 */

import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as v from "valibot";
import {
  BusyError,
  IntegrityError,
  ModelError,
  NotFoundError,
  UsageError,
} from "../lib/core/errors.ts";
import { type Answer } from "./answer.ts";
import { ImageDecodeError, ImageTypeError } from "../lib/image/mod.ts";
import type { Log } from "../lib/serve/mod.ts";
import type { AppEnv } from "./env.ts";
import { methodOf, routeOf } from "./observe.ts";

/** An RFC 9457 problem. */
export const problemSchema = v.pipe(
  v.object({
    type: v.pipe(
      v.literal("about:blank"),
      v.description("The problem means no more than its status."),
    ),
    title: v.pipe(v.string(), v.description("The status in words.")),
    status: v.pipe(v.number(), v.integer()),
    detail: v.pipe(v.string(), v.description("What failed, why, and what to do.")),
  }),
  v.metadata({ ref: "Problem" }),
);

/** An RFC 9457 problem. */
export type Problem = Answer<typeof problemSchema>;

/** What statuses are called (RFC 9110, section 15; RFC 6585, section 4); `node:http` takes long to load. */
const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** A busy server answers within a second or two; there is no better estimate. */
const RETRY_AFTER_SECONDS = "1";

/**
 * Answers with an error.
 *
 * @param c The request's context.
 * @param error Its status and the sentence for the caller.
 */
export function problem(
  c: Context<AppEnv>,
  { status, detail }: { status: ContentfulStatusCode; detail: string },
): Response {
  if (status === 503) c.header("Retry-After", RETRY_AFTER_SECONDS);
  if (/^\/v2(\/|$)/.test(c.req.path)) return c.json({ error: detail }, status);
  const body: Problem = { type: "about:blank", title: TITLES[status] ?? "", status, detail };
  return c.json(body, status, { "Content-Type": "application/problem+json" });
}

/**
 * Makes the app's error handler: errors that a caller can mend keep their message, and so do those of
 * a stored model, which are logged too; every other one is logged and answered with 500 and nothing
 * of its insides.
 *
 * @param log Is told of the latter.
 */
export function createErrorHandler(
  log: Log,
): (error: Error, c: Context<AppEnv>) => Response {
  return (error, c) => {
    // Whose client has gone is not answered: work for it ended with the signal's reason.
    const { aborted, reason } = c.req.raw.signal;
    const status = aborted && error === reason ? 400 : statusOf(error);
    if (status !== 500) return problem(c, { status, detail: error.message });
    const requestId = c.get("requestId");
    const [method, route] = [methodOf(c), routeOf(c)];
    const message = `Cannot answer ${method} ${route ?? "what no route matches"}`;
    log("error", message, { requestId, method, ...route && { route }, status, error });
    // To try a broken model again mends nothing, and its name and what is wrong are no secret.
    const isOfModel = error instanceof IntegrityError || error instanceof ModelError;
    const detail = isOfModel
      ? error.message
      : "Cannot answer: the server failed; try again, and if it fails again report it with " +
        `request id ${requestId}`;
    return problem(c, { status, detail });
  };
}

function statusOf(error: Error): ContentfulStatusCode {
  if (error instanceof HTTPException) return error.status;
  if (error instanceof UsageError) return 400;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ImageTypeError) return 415;
  if (error instanceof ImageDecodeError) return 422;
  if (error instanceof BusyError) return 503;
  return 500;
}
