/**
 * `GET /api/triggers`: the triggers and their parameters.
 *
 * @module
 */

import { Hono } from "hono";
import { type TriggerDefinition, triggerDefinitions } from "../../lib/trigger/mod.ts";
import type { AppEnv } from "../env.ts";
import { checkQuery } from "./query.ts";

/** A trigger as a form or a program needs to know it; its parameters are JSON Schemas. */
export type TriggerDescription = Omit<TriggerDefinition, "create">;

/** The routes under `/api/triggers`. */
export const triggers = new Hono<AppEnv>()
  .get("/", checkQuery({}), (c) => c.json({ triggers: triggerDefinitions.map(describe) }));

function describe({ create: _, ...description }: TriggerDefinition): TriggerDescription {
  return description;
}
