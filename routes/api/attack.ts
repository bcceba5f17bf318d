/**
 * `POST /api/attack`: an image before and after the trigger, in the eyes of the model that is
 * attacked and of a clean one. Any model can be attacked: what a backdoored one does not name itself,
 * and a clean or unknown one cannot, is chosen by `trigger` and `target`.
 *
 * @module
 */

import { Hono } from "hono";
import { endTime, startTime, wrapTime } from "hono/timing";
import type { Image } from "../../lib/core/types.ts";
import { encodePng } from "../../lib/image/mod.ts";
import type { AppEnv } from "../env.ts";
import { type AttackAnswer, attackAnswerSchema, type Reading } from "./attack_answer.ts";
import { describeApi, imageBody, imageErrors } from "./describe.ts";
import { predict } from "./predict.ts";
import * as query from "./query.ts";
import { readImage, receiveImage } from "./receive_image.ts";
import { chooseTarget, chooseTrigger, findTwin } from "./victim.ts";

/** The routes under `/api/attack`. */
export const attack = new Hono<AppEnv>().post(
  "/",
  describeApi({
    summary: "Stamp a trigger on an image, and ask an attacked and a clean model",
    description:
      "The image before and after the trigger, in the eyes of the model that is attacked " +
      "and of a clean one.",
    body: imageBody,
    answer: { "application/json": attackAnswerSchema },
    errors: imageErrors,
  }),
  query.checkQuery({
    model: query.model,
    clean: query.clean,
    target: query.target,
    invert: query.invert,
    ...query.triggerEntries,
  }),
  receiveImage,
  async (c) => {
    const { model, clean, target: asked, invert, trigger: kinds, ...numbers } = c.req.valid(
      "query",
    );
    const pool = c.get("pool");
    const victim = await pool.resolve(model);
    const { trigger, pixels } = chooseTrigger(victim, { kinds, numbers });
    const targetOf = chooseTarget(victim, asked);
    const twin = await findTwin(pool, victim, clean);
    const [original] = await readImage(c, [{ shape: victim.input, invert }]) as [Image];
    startTime(c, "poison");
    const poisoned = trigger.apply(original);
    endTime(c, "poison");

    const manifests = twin ? [victim, twin] : [victim];
    const images = [original, poisoned];
    const { signal } = c.req.raw;
    const predictions = await wrapTime(
      c,
      "infer",
      Promise.all(manifests.map((manifest) => predict(pool, { manifest, images, signal }))),
    );
    const [before, after] = images.map((image, i): Reading => ({
      png: `data:image/png;base64,${encodePng(image, { stored: true }).toBase64()}`,
      predictions: predictions.map((ofModel) => ofModel[i]!),
    })) as [Reading, Reading];

    const [from, to] = [before.predictions[0]!.label, after.predictions[0]!.label];
    const target = targetOf(from);
    const [height, width, channels] = original!.shape;
    const answer: AttackAnswer = {
      image: { width, height, channels },
      trigger: { ...trigger.manifest, pixels },
      original: before,
      poisoned: after,
      flipped: from !== to && to === target,
      target,
    };
    return c.json(answer);
  },
);
