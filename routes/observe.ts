/**
 * What is told of every request: a line in the log, and the name of its trace.
 *
 * @module
 */

import { trace } from "@opentelemetry/api";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { Log, LogLevel } from "../lib/serve/mod.ts";
import type { AppEnv } from "./env.ts";

/**
 * Middleware that names the request's span by its route, which Deno cannot know, and writes a line
 * about the request if there is a log for it. Goes before all others but the request's id.
 *
 * @param access The log of requests; none is kept if left out.
 */
export function observe(access?: Log) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const start = performance.now();
    await next();
    const active = trace.getActiveSpan();
    const span = active?.isRecording() ? active : undefined;
    if (span === undefined && access === undefined) return;
    const { status } = c.res;
    const route = routeOf(c);
    const method = methodOf(c);
    const name = route === undefined ? method : `${method} ${route}`;
    span?.updateName(name);
    if (route !== undefined) span?.setAttribute("http.route", route);
    access?.(levelOf(status), `${name} ${status}`, {
      requestId: c.get("requestId"),
      method,
      ...route !== undefined && { route },
      status,
      milliseconds: Math.round((performance.now() - start) * 1000) / 1000,
    });
  });
}

/**
 * The pattern of the route that a request is for, also if it was refused on the way there.
 *
 * @returns `undefined` if there is no such route: middleware alone matches.
 */
export function routeOf(c: Context): string | undefined {
  const last = matchedRoutes(c).at(-1);
  return last === undefined || last.method === "ALL" ? undefined : last.path;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** A request's method; `OTHER` for one that the client has invented, for these would be endless. */
export function methodOf({ req }: Context): string {
  return METHODS.includes(req.method) ? req.method : "OTHER";
}

/** A server that is full refuses in order; only what nobody foresaw is an error. */
function levelOf(status: number): LogLevel {
  if (status < 500) return "info";
  return status === 503 ? "warn" : "error";
}
