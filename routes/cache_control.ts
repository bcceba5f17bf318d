/**
 * How long answers may be kept.
 *
 * @module
 */

import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./env.ts";

/**
 * Middleware for answers that do not say how long they may be kept: what may change at any training,
 * and pages, only if the server is asked each time whether it still holds; what was posted, and
 * errors, not at all.
 */
export const cacheControl = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.res.headers.has("Cache-Control")) return;
  const isKept = c.res.ok && (c.req.method === "GET" || c.req.method === "HEAD");
  c.header("Cache-Control", isKept ? "no-cache" : "no-store");
});

/**
 * What an answer that something still holds (304) says beside the ordinary: a browser takes its
 * headers for those of what it kept.
 */
export const ALSO_RETAINED: readonly string[] = [
  "Content-Security-Policy",
  "Deno-CDN-Cache-Control",
  "Access-Control-Allow-Origin",
  "Access-Control-Expose-Headers",
];
