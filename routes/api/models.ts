/**
 * `GET /api/models`, `GET /api/models/{name}`: what is served, where it comes from, and
 * what cannot be served.
 *
 * @module
 */

import { Hono } from "hono";
import { backdooredOf, type ServedManifest, tellManifest } from "../../lib/registry/mod.ts";
import type { AppEnv } from "../env.ts";
import { describeApi } from "./describe.ts";
import { type ModelAnswer, modelsAnswerSchema, modelSchema } from "./model_answer.ts";
import { checkQuery } from "./query.ts";

/** The routes under `/api/models`. */
export const models = new Hono<AppEnv>()
  .get(
    "/",
    describeApi({
      summary: "What is served, and what cannot be",
      answer: { "application/json": modelsAnswerSchema },
      errors: [400, 500, 503],
    }),
    checkQuery({}),
    async (c) => {
      const pool = c.get("pool");
      return c.json({ models: (await pool.list()).map(describe), problems: await pool.problems() });
    },
  )
  .get(
    "/:name",
    describeApi({
      summary: "One model's manifest",
      answer: { "application/json": modelSchema },
      errors: [400, 404, 500, 503],
    }),
    checkQuery({}),
    async (c) => c.json(describe(await c.get("pool").find(c.req.param("name")))),
  );

function describe(manifest: ServedManifest): ModelAnswer {
  return { ...tellManifest(manifest), backdoored: backdooredOf(manifest) };
}
