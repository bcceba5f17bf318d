/**
 * `GET /api/models`, `GET /api/models/{name}`: what is served, where it comes from, and
 * what cannot be served.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppEnv } from "./env.ts";
import { checkQuery } from "./query.ts";

/** The routes under `/api/models`. */
export const models = new Hono<AppEnv>()
  .get("/", checkQuery({}), async (c) => {
    const { pool } = c.var;
    return c.json({ models: await pool.list(), broken: await pool.broken() });
  })
  .get(
    "/:name",
    checkQuery({}),
    async (c) => c.json(await c.var.pool.resolve(c.req.param("name"))),
  );
