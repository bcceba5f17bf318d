/**
 * `GET /api/models`, `GET /api/models/{name}`: what is served, and where it comes from.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppEnv } from "./env.ts";
import { checkQuery } from "./query.ts";

/** The routes under `/api/models`. */
export const models = new Hono<AppEnv>()
  .get("/", checkQuery({}), async (c) => c.json({ models: await c.var.pool.list() }))
  .get(
    "/:name",
    checkQuery({}),
    async (c) => c.json(await c.var.pool.resolve(c.req.param("name"))),
  );
