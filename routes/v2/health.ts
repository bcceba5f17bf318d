/**
 * `GET /v2/health/live` and `/v2/health/ready`, as in the Open Inference Protocol v2.
 *
 * @module
 */

import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { isBackdoored, isClean } from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";

/** The routes under `/v2/health`. */
export const health = new Hono<AppEnv>()
  .use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  })
  .get("/live", (c) => c.json({ live: true }))
  .get("/ready", async (c) => {
    const { pool } = c.var;
    await loadPair(pool);
    const problems = await pool.problems();
    return c.json({ ready: true, ...problems.length > 0 && { problems } });
  });

/**
 * Loads a backdoored model and a clean one: ready is who can show the one beside the other. An open
 * database would prove nothing, for on Deno Deploy an app without an assigned one gets an empty one.
 *
 * @throws {HTTPException} 503 if there is no such pair that can be loaded; names what is broken.
 */
async function loadPair(pool: ModelPool): Promise<void> {
  const manifests = await pool.list();
  const kinds = [
    { what: "a backdoored one", command: "deno task train", accept: isBackdoored },
    { what: "a clean one", command: "deno task train --attack none", accept: isClean },
  ];
  for (const { what, command, accept } of kinds) {
    if (await pool.firstLoadable(manifests.filter(accept)) !== null) continue;
    const problems = (await pool.problems()).map(({ problem }) => `; ${problem}`).join("");
    throw new HTTPException(503, {
      message: "Cannot serve yet: the models must be a backdoored one and a clean one, got " +
        `${manifests.length} without ${what} that can be loaded; train it with: ${command}` +
        problems,
    });
  }
}
