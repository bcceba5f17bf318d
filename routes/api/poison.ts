/**
 * `POST /api/poison`: the image with the trigger on it, as a PNG at the model's size.
 *
 * @module
 */

import { Hono } from "hono";
import { endTime, startTime } from "hono/timing";
import { encodePng } from "../../lib/image/mod.ts";
import type { AppEnv } from "../env.ts";
import { describeApi, imageBody, imageErrors } from "./describe.ts";
import * as query from "./query.ts";
import { readImage, receiveImage } from "./receive_image.ts";
import { chooseTrigger } from "./victim.ts";

/** The routes under `/api/poison`. */
export const poison = new Hono<AppEnv>().post(
  "/",
  describeApi({
    summary: "Stamp a trigger on an image",
    description: "The image with the trigger on it, at the model's size.",
    body: imageBody,
    answer: { "image/png": "bytes" },
    errors: imageErrors,
  }),
  query.checkQuery({ model: query.model, invert: query.invert, ...query.triggerEntries }),
  receiveImage,
  async (c) => {
    const { model, invert, trigger: kinds, ...numbers } = c.req.valid("query");
    const victim = await c.get("pool").resolve(model);
    const { trigger } = chooseTrigger(victim, { kinds, numbers });
    const [original] = await readImage(c, [{ shape: victim.input, invert }]);
    startTime(c, "poison");
    const png = encodePng(trigger.apply(original!));
    endTime(c, "poison");
    return c.body(png, 200, { "Content-Type": "image/png" });
  },
);
