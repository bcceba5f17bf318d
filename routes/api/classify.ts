/**
 * `POST /api/classify`: what models read in an image as it is.
 *
 * @module
 */

import { Hono } from "hono";
import { wrapTime } from "hono/timing";
import type { ServedManifest } from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";
import type { AppEnv } from "../env.ts";
import { type ClassifyAnswer, classifyAnswerSchema } from "./attack_answer.ts";
import { describeApi, imageBody, imageErrors } from "./describe.ts";
import { predict } from "./predict.ts";
import * as query from "./query.ts";
import { readImage, receiveImage } from "./receive_image.ts";

/** The routes under `/api/classify`. */
export const classify = new Hono<AppEnv>().post(
  "/",
  describeApi({
    summary: "Classify an image as it is",
    body: imageBody,
    answer: { "application/json": classifyAnswerSchema },
    errors: imageErrors,
  }),
  query.checkQuery({ model: query.models, invert: query.invert }),
  receiveImage,
  async (c) => {
    const { model: names, invert } = c.req.valid("query");
    const pool = c.get("pool");
    const manifests = await findModels(pool, names);
    // Most models take the same: each input is made once.
    const keys = manifests.map(({ input }) => String(input));
    const inputs = new Map(manifests.map(({ input }) => [String(input), input]));
    const read = await readImage(c, [...inputs.values()].map((shape) => ({ shape, invert })));
    const images = new Map([...inputs.keys()].map((key, i) => [key, read[i]!]));
    const predictions = await wrapTime(
      c,
      "infer",
      Promise.all(
        manifests.map((manifest, i) =>
          predict(pool, { manifest, images: [images.get(keys[i]!)!], signal: c.req.raw.signal })
        ),
      ),
    );
    const answer: ClassifyAnswer = { predictions: predictions.flat() };
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
