/**
 * `GET /api/triggers`: the triggers and their parameters.
 *
 * @module
 */

import { Hono } from "hono";
import * as v from "valibot";
import { type TriggerDefinition, triggerDefinitions } from "../../lib/trigger/mod.ts";
import type { Answer } from "../answer.ts";
import type { AppEnv } from "../env.ts";
import { describeApi } from "./describe.ts";
import { checkQuery } from "./query.ts";

const descriptionSchema = v.pipe(
  v.object({
    kind: v.string(),
    title: v.pipe(v.string(), v.description("What people call it.")),
    summary: v.string(),
    parameters: v.pipe(
      v.record(
        v.string(),
        v.object({
          type: v.picklist(["integer", "number"]),
          description: v.string(),
          default: v.number(),
          minimum: v.optional(v.number()),
          exclusiveMinimum: v.optional(v.number()),
          maximum: v.optional(v.number()),
        }),
      ),
      v.description("What it takes, by name: JSON Schemas."),
    ),
  }),
  v.metadata({ ref: "TriggerDescription" }),
);

/** A trigger as a form or a program needs to know it; its parameters are JSON Schemas. */
export type TriggerDescription = Answer<typeof descriptionSchema>;

/** The routes under `/api/triggers`. */
export const triggers = new Hono<AppEnv>().get(
  "/",
  describeApi({
    summary: "The triggers and their parameters",
    answer: { "application/json": v.object({ triggers: v.array(descriptionSchema) }) },
    errors: [400, 500],
  }),
  checkQuery({}),
  (c) => c.json({ triggers: triggerDefinitions.map(describe) }),
);

function describe({ create: _, ...description }: TriggerDefinition): TriggerDescription {
  return description;
}
