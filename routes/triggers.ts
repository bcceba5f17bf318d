/**
 * `GET /api/triggers`: the triggers and their parameters.
 *
 * @module
 */

import { Hono } from "hono";
import {
  type TriggerDefinition,
  triggerDefinitions,
  type TriggerOptions,
} from "../lib/trigger/mod.ts";
import type { AppEnv } from "./env.ts";
import { checkQuery } from "./query.ts";

/** What is known of a parameter; as in JSON Schema. */
const schemas = {
  distance: { type: "integer", minimum: 1 },
  value: { type: "number", minimum: 0, maximum: 1 },
  amplitude: { type: "number", exclusiveMinimum: 0, maximum: 1 },
} as const satisfies Readonly<Record<keyof TriggerOptions, object>>;

/** A parameter of a trigger. */
export type TriggerParameter = (typeof schemas)[keyof TriggerOptions] & {
  readonly default: number;
};

/** A trigger as a form or a program needs to know it. */
export interface TriggerDescription {
  readonly kind: string;
  readonly summary: string;
  /** Those that it takes, by name. */
  readonly parameters: Readonly<Partial<Record<keyof TriggerOptions, TriggerParameter>>>;
}

/** The routes under `/api/triggers`. */
export const triggers = new Hono<AppEnv>()
  .get("/", checkQuery({}), (c) => c.json({ triggers: triggerDefinitions.map(describe) }));

function describe({ kind, summary, defaults }: TriggerDefinition): TriggerDescription {
  const { distance, value, amplitude } = defaults;
  return {
    kind,
    summary,
    parameters: {
      ...distance !== undefined && { distance: { ...schemas.distance, default: distance } },
      ...value !== undefined && { value: { ...schemas.value, default: value } },
      ...amplitude !== undefined && { amplitude: { ...schemas.amplitude, default: amplitude } },
    },
  };
}
