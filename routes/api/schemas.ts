/**
 * What the schemas of `/api` are made of.
 *
 * @module
 */

import * as v from "valibot";
import type { Pixel, TriggerManifest } from "../../lib/trigger/mod.ts";

/** A whole number from 0. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A share or a probability. */
export const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Extents of an image. */
export const imageShape = v.pipe(
  v.custom<readonly [height: number, width: number, channels: number]>(Array.isArray),
  v.metadata({
    type: "array",
    items: { type: "integer", minimum: 1 },
    minItems: 3,
    maxItems: 3,
    description: "Height, width and channels.",
  }),
);

/** Row and column, from the top left. */
export const pixel = v.pipe(
  v.custom<Pixel>(Array.isArray),
  v.metadata({
    type: "array",
    items: { type: "integer", minimum: 0 },
    minItems: 2,
    maxItems: 2,
    description: "Row and column, from the top left.",
  }),
);

/** A trigger as it stands in manifests; its type is the trigger's own. */
export const triggerManifest = v.pipe(
  v.custom<TriggerManifest>((value) => typeof value === "object" && value !== null),
  v.metadata({
    ref: "Trigger",
    type: "object",
    description:
      "A kind of /api/triggers with a number for each of its parameters, an image that " +
      "is laid on others, or several triggers that are stamped one after the other.",
    properties: { kind: { type: "string", examples: ["pattern"] } },
    required: ["kind"],
    additionalProperties: true,
  }),
);

/** A model's name. */
export const modelName = v.pipe(v.string(), v.description("The model's name."));

/** Whether a model is backdoored. */
export const backdoored = v.pipe(
  v.nullable(v.boolean()),
  v.description("Whether it was trained with a trigger; null if that is not known."),
);
