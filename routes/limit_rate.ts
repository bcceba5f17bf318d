/**
 * Fairness among clients.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from "hono";
import { rateLimiter, type Store } from "hono-rate-limiter";
import { isLoopback } from "./client_of.ts";
import type { AppEnv } from "./env.ts";
import { problem } from "./problem.ts";

/** How clients are limited. */
export interface RateOptions {
  /** POSTs that a client may send in a minute, from 1. */
  readonly limit: number;
  /** Whose a request is. */
  readonly clientOf: (c: Context) => string;
  /** Whether this machine itself is limited too: behind a proxy, all clients could be taken for it. */
  readonly limitsLoopback: boolean;
}

const MINUTE = 60_000;

/** Clients that are remembered: those of the last minute, or the last of them. */
const MAX_CLIENTS = 20_000;

/**
 * Middleware that answers with 429 to a client that has sent more POSTs within a minute than it may.
 * It counts in memory: each instance of the server for itself, from zero when it starts.
 */
export function limitRate(
  { limit, clientOf, limitsLoopback }: RateOptions,
): MiddlewareHandler<AppEnv> {
  return rateLimiter<AppEnv>({
    windowMs: MINUTE,
    limit,
    standardHeaders: "draft-7",
    store: createCounts(),
    keyGenerator: clientOf,
    skip: (c) => c.req.method !== "POST" || !limitsLoopback && isLoopback(clientOf(c)),
    handler: (c) =>
      problem(c, {
        status: 429,
        detail: `Cannot take the request: a client may send ${limit} in a minute, got more; ` +
          "wait for the seconds that Retry-After names",
      }),
  });
}

/** The library's own store keeps a timer, and as many clients as come. */
function createCounts(): Store<AppEnv> {
  /** By client; those whose minute began first come first. */
  const counts = new Map<string, { totalHits: number; resetTime: Date }>();
  return {
    increment(key) {
      const now = Date.now();
      let count = counts.get(key);
      if (count === undefined || count.resetTime.getTime() <= now) {
        count = { totalHits: 0, resetTime: new Date(now + MINUTE) };
        counts.delete(key);
        counts.set(key, count);
        const [first] = counts.keys();
        if (counts.size > MAX_CLIENTS) counts.delete(first!);
      }
      count.totalHits++;
      return count;
    },
    decrement(key) {
      const count = counts.get(key);
      if (count !== undefined) count.totalHits--;
    },
    resetKey: (key) => void counts.delete(key),
  };
}
