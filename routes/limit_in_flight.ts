/**
 * A bound on the work that the server takes on.
 *
 * @module
 */

import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";

/**
 * Middleware that refuses a request with 503 while others fill the server, before its body is read.
 *
 * @param limit How many requests may be in flight, from 1.
 */
export function limitInFlight(limit: number) {
  let inFlight = 0;
  return createMiddleware(async (_c, next) => {
    if (inFlight >= limit) {
      throw new HTTPException(503, {
        message: `Cannot take the request: the server holds ${limit} at a time; try again shortly`,
      });
    }
    inFlight++;
    try {
      await next();
    } finally {
      inFlight--;
    }
  });
}
