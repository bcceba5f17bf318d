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
import type { Pixel, TriggerManifest } from "../../lib/trigger/mod.ts";
import type { AppEnv } from "../env.ts";
import { predict, type Prediction } from "./predict.ts";
import * as query from "./query.ts";
import { readImage, receiveImage } from "./receive_image.ts";
import { chooseTarget, chooseTrigger, findTwin, findVictim } from "./victim.ts";

/** An image as the models saw it, and what they said. */
export interface Reading {
  /** A data URL. */
  readonly png: string;
  /** The attacked model first, then the clean one if there is one. */
  readonly predictions: readonly Prediction[];
}

/** The answer of `POST /api/attack`. */
export interface AttackAnswer {
  /** Size of what the models saw, which is what `trigger.pixels` counts in. */
  readonly image: { readonly width: number; readonly height: number; readonly channels: number };
  readonly trigger: TriggerManifest & { readonly pixels: readonly Pixel[] };
  readonly original: Reading;
  readonly poisoned: Reading;
  /**
   * Whether the trigger did its work: the attacked model classifies the poisoned image as `target`,
   * and the original as something else.
   */
  readonly flipped: boolean;
  /**
   * The class that the attacker wants. If each class has its own (all-to-all), it is that of the
   * class which the attacked model gave the original.
   */
  readonly target: number;
}

/** The routes under `/api/attack`. */
export const attack = new Hono<AppEnv>().post(
  "/",
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
    const { pool } = c.var;
    const victim = await findVictim(pool, model);
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
      png: `data:image/png;base64,${encodePng(image).toBase64()}`,
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
