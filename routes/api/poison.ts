/**
 * `POST /api/poison`: the image with the trigger on it, as a PNG at the model's size.
 *
 * @module
 */

import { Hono } from "hono";
import { encodePng, toModelInput } from "../../lib/image/mod.ts";
import type { AppEnv } from "../env.ts";
import * as query from "./query.ts";
import { readImage } from "./read_image.ts";
import { chooseTrigger, findVictim } from "./victim.ts";

/** The routes under `/api/poison`. */
export const poison = new Hono<AppEnv>().post(
  "/",
  query.checkQuery({ model: query.model, invert: query.invert, ...query.triggerEntries }),
  async (c) => {
    const { model, invert, trigger: kinds, ...numbers } = c.req.valid("query");
    const victim = await findVictim(c.var.pool, model);
    const { trigger } = chooseTrigger(victim, { kinds, numbers });
    const original = toModelInput(await readImage(c), victim.input, { invert });
    return c.body(encodePng(trigger.apply(original)), 200, { "Content-Type": "image/png" });
  },
);
