/**
 * What `/api/attack` and `/api/classify` answer.
 *
 * @module
 */

import * as v from "valibot";
import type { Answer } from "../answer.ts";
import { backdoored, count, fraction, modelName, pixel, triggerManifest } from "./schemas.ts";

const predictionSchema = v.pipe(
  v.object({
    model: modelName,
    backdoored,
    cleanAccuracy: v.pipe(
      v.nullable(fraction),
      v.description("On its whole test set; null if that was not measured."),
    ),
    label: v.pipe(
      count,
      v.description("The most probable class; the first of them if two are equal."),
    ),
    confidence: v.pipe(fraction, v.description("The probability of that class.")),
    probabilities: v.pipe(v.array(fraction), v.description("The probability of each class.")),
  }),
  v.metadata({ ref: "Prediction", description: "What one model says to one image." }),
);

/** What one model says to one image. */
export type Prediction = Answer<typeof predictionSchema>;

const readingSchema = v.pipe(
  v.object({
    png: v.pipe(v.string(), v.startsWith("data:image/png;base64,"), v.description("A data URL.")),
    predictions: v.pipe(
      v.array(predictionSchema),
      v.description("The attacked model's first, then the clean one's if there is one."),
    ),
  }),
  v.metadata({ ref: "Reading", description: "An image as the models saw it, and what they said." }),
);

/** An image as the models saw it, and what they said. */
export type Reading = Answer<typeof readingSchema>;

/** What `POST /api/attack` answers. */
export const attackAnswerSchema = v.pipe(
  v.object({
    image: v.pipe(
      v.object({ width: count, height: count, channels: count }),
      v.description("The size of what the models saw, which is what pixels count in."),
    ),
    trigger: v.pipe(
      v.intersect([triggerManifest, v.object({ pixels: v.array(pixel) })]),
      v.description("The trigger, and the pixels that it changes."),
    ),
    original: readingSchema,
    poisoned: readingSchema,
    flipped: v.pipe(
      v.boolean(),
      v.description(
        "Whether the trigger did its work: the attacked model classifies the poisoned image as " +
          "target, and the original as something else.",
      ),
    ),
    target: v.pipe(
      count,
      v.description(
        "The class that the attacker wants. If each class has its own (all-to-all), it is that of " +
          "the class which the attacked model gave the original.",
      ),
    ),
  }),
  v.metadata({ ref: "AttackAnswer" }),
);

/** What `POST /api/attack` answers. */
export type AttackAnswer = Answer<typeof attackAnswerSchema>;

/** What `POST /api/classify` answers. */
export const classifyAnswerSchema = v.object({
  predictions: v.pipe(
    v.array(predictionSchema),
    v.description("In the order of the parameters model."),
  ),
});

/** What `POST /api/classify` answers. */
export type ClassifyAnswer = Answer<typeof classifyAnswerSchema>;
