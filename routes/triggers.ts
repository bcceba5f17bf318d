/**
 * `GET /api/triggers`: the triggers and their parameters.
 *
 * @module
 */

import { Hono } from "hono";
import { type TriggerDefinition, triggerDefinitions } from "../lib/trigger/mod.ts";
import type { AppEnv } from "./env.ts";
import { checkQuery } from "./query.ts";

/** A trigger as a form or a program needs to know it. */
export interface TriggerDescription {
  readonly kind: string;
  readonly summary: string;
  /** As in JSON Schema. */
  readonly parameters: {
    readonly distance: {
      readonly type: "integer";
      readonly minimum: number;
      readonly default: number;
    };
    readonly value: {
      readonly type: "number";
      readonly minimum: number;
      readonly maximum: number;
      readonly default: number;
    };
  };
}

/** The routes under `/api/triggers`. */
export const triggers = new Hono<AppEnv>()
  .get("/", checkQuery({}), (c) => c.json({ triggers: triggerDefinitions.map(describe) }));

function describe({ kind, summary, create }: TriggerDefinition): TriggerDescription {
  const { distance, value } = create().manifest;
  return {
    kind,
    summary,
    parameters: {
      distance: { type: "integer", minimum: 1, default: distance },
      value: { type: "number", minimum: 0, maximum: 1, default: value },
    },
  };
}
