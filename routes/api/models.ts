/**
 * `GET /api/models`, `GET /api/models/{name}`: what is served, where it comes from, and
 * what cannot be served.
 *
 * @module
 */

import { Hono } from "hono";
import {
  backdooredOf,
  type ServedManifest,
  tellManifest,
  type ToldManifest,
} from "../../lib/registry/mod.ts";
import type { AppEnv } from "../env.ts";
import { checkQuery } from "./query.ts";

/** A manifest, and what it comes to. */
export interface DescribedModel extends ToldManifest {
  /** `null` if it is not known. */
  readonly backdoored: boolean | null;
}

/** The routes under `/api/models`. */
export const models = new Hono<AppEnv>()
  .get("/", checkQuery({}), async (c) => {
    const { pool } = c.var;
    return c.json({ models: (await pool.list()).map(describe), problems: await pool.problems() });
  })
  .get(
    "/:name",
    checkQuery({}),
    async (c) => c.json(describe(await c.var.pool.resolve(c.req.param("name")))),
  );

function describe(manifest: ServedManifest): DescribedModel {
  return { ...tellManifest(manifest), backdoored: backdooredOf(manifest) };
}
