/**
 * `POST /api/classify`: what models read in an image as it is.
 *
 * @module
 */

import { Hono } from "hono";
import { wrapTime } from "hono/timing";
import { toModelInput } from "../../lib/image/mod.ts";
import type { ServedManifest } from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";
import { predict, type Prediction } from "./predict.ts";
import * as query from "./query.ts";
import { readImage } from "./read_image.ts";

/** The answer of `POST /api/classify`. */
export interface ClassifyAnswer {
  /** In the order of the `model` parameters. */
  readonly predictions: readonly Prediction[];
}

/** The routes under `/api/classify`. */
export const classify = new Hono<AppEnv>().post(
  "/",
  query.checkQuery({ model: query.models, invert: query.invert }),
  async (c) => {
    const { model: names, invert } = c.req.valid("query");
    const { pool } = c.var;
    const manifests = await findModels(pool, names);
    const raster = await readImage(c);
    const predictions = await wrapTime(
      c,
      "predict",
      Promise.all(manifests.map((manifest) => {
        const image = toModelInput(raster, manifest.input, { invert });
        return predict(pool, { manifest, image });
      })),
    );
    const answer: ClassifyAnswer = { predictions };
    return c.json(answer);
  },
);

/** The models of these names; without names, those that `/api/attack` would ask. */
async function findModels(pool: ModelPool, names?: readonly string[]): Promise<ServedManifest[]> {
  if (names) {
    return await Promise.all(names.map(async (name) => {
      const manifest = await pool.resolve(name);
      // Before anything is made in the size that its manifest says.
      await pool.load(manifest);
      return manifest;
    }));
  }
  const victim = await pool.resolve();
  const twin = await pool.twin(victim);
  return twin ? [victim, twin] : [victim];
}
