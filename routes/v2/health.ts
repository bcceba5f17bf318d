/**
 * `GET /v2/health/live` and `/v2/health/ready`, as in the Open Inference Protocol v2. Both say both.
 *
 * @module
 */

import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ModelPool } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";
import { describeLive, describeReady } from "./describe.ts";
import type { LiveAnswer, ReadyAnswer } from "./protocol.ts";

/** The routes under `/v2/health`. */
export const health = new Hono<AppEnv>()
  .use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  })
  // Waits for nothing: a server whose store is away, or that has no model yet, is alive.
  .get(
    "/live",
    describeLive,
    (c) => c.json({ live: true, ready: c.get("pool").isReady() } satisfies LiveAnswer),
  )
  .get("/ready", describeReady, async (c) => {
    const pool = c.get("pool");
    await loadOne(pool);
    const problems = await pool.problems();
    return c.json(
      { live: true, ready: true, ...problems.length > 0 && { problems } } satisfies ReadyAnswer,
    );
  });

/**
 * Loads a model, which has to answer before it counts as loaded. An open database would prove nothing,
 * for on Deno Deploy an app without an assigned one gets an empty one.
 *
 * @throws {HTTPException} 503 if there is none that can be loaded; names what is broken.
 */
async function loadOne(pool: ModelPool): Promise<void> {
  if (await pool.firstLoadable(() => true) !== null) return;
  const problems = (await pool.problems()).map(({ problem }) => `; ${problem}`).join("");
  throw new HTTPException(503, {
    message: `Cannot serve yet: there must be a model that can be loaded, got none of ` +
      `${(await pool.list()).length}; train one with: deno task train${problems}`,
  });
}
