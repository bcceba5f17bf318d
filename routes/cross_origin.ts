/**
 * Pages of other origins that may read the API.
 *
 * @module
 */

import { cors } from "hono/cors";

/**
 * Middleware that lets pages of some origins read answers, those to POST too: what is posted is
 * answered and changes nothing, and no request is told from another by cookies, so that a page learns
 * nothing that its author could not ask for without a browser.
 *
 * @param origins `*` for all.
 */
export function crossOrigin(origins: readonly string[] | "*") {
  return cors({
    origin: origins === "*" ? origins : [...origins],
    allowMethods: ["GET", "HEAD", "POST"],
    allowHeaders: [
      ...["Content-Type", "Content-Encoding", "X-Request-Id"],
      "Inference-Header-Content-Length",
    ],
    exposeHeaders: [
      ...["ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "Server-Timing", "X-Request-Id"],
      "Inference-Header-Content-Length",
    ],
    maxAge: 86_400,
  });
}
