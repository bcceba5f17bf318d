/**
 * What a server that is told to stop still takes.
 *
 * @module
 */

import { createMiddleware } from "hono/factory";
import { BusyError } from "../lib/core/errors.ts";
import type { Life } from "../lib/serve/mod.ts";

const READING = ["GET", "HEAD", "OPTIONS"];

/**
 * Middleware that counts work, and takes no more once the server is to stop: it is not ready then, and
 * what only reads is answered for as long as it listens.
 */
export function untilStopped(life: Life) {
  return createMiddleware(async (c, next) => {
    const isWork = !READING.includes(c.req.method);
    const asksReadiness = /^\/v2\/.*\/?ready$/.test(c.req.path);
    if (life.isStopping && (isWork || asksReadiness)) {
      throw new BusyError(
        "Cannot take the request: the server is about to stop; send it again, to one that is not",
      );
    }
    if (!isWork) return await next();
    using _work = life.begin();
    await next();
  });
}
