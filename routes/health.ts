/**
 * `GET /v2/health/live` and `/v2/health/ready`, as in the Open Inference Protocol v2.
 *
 * @module
 */

import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { IntegrityError } from "../lib/core/errors.ts";
import { isBackdoored, type ModelPool } from "../lib/registry/mod.ts";
import type { AppEnv } from "./env.ts";

/** The routes under `/v2/health`. */
export const health = new Hono<AppEnv>()
  .use(async (c, next) => {
    await next();
    c.header("Cache-Control", "no-store");
  })
  .get("/live", (c) => c.json({ live: true }))
  .get("/ready", async (c) => {
    await loadPair(c.var.pool);
    return c.json({ ready: true });
  });

/**
 * Loads the newest backdoored model and a clean one: ready is who can show the one beside the other.
 * An open database would prove nothing, for on Deno Deploy an app without an assigned one gets an
 * empty one.
 *
 * @throws {HTTPException} 503 if either is missing or damaged.
 */
async function loadPair(pool: ModelPool): Promise<void> {
  const manifests = await pool.list();
  const backdoored = manifests.find(isBackdoored);
  const clean = manifests.find((manifest) => !isBackdoored(manifest));
  if (!backdoored || !clean) {
    const missing = backdoored ? "a clean one" : "a backdoored one";
    throw new HTTPException(503, {
      message: "Cannot serve yet: the models must be a backdoored one and a clean one, got " +
        `${manifests.length} without ${missing}; train it with: deno task train` +
        (backdoored ? " --attack none" : ""),
    });
  }
  try {
    await Promise.all([pool.load(backdoored), pool.load(clean)]);
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    throw new HTTPException(503, { message: error.message, cause: error });
  }
}
