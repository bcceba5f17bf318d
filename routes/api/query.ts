/**
 * Query parameters: what is accepted, and one way to refuse the rest.
 *
 * @module
 */

import { HTTPException } from "hono/http-exception";
import { validator } from "hono-openapi";
import * as v from "valibot";
import { describeRange, isWithin, type Parameter } from "../../lib/core/parameter.ts";
import { triggerDefinitions } from "../../lib/trigger/mod.ts";

const must = (name: string, what: string) => (issue: v.BaseIssue<unknown>) =>
  `Cannot read the query: ${name} must be ${what}, got ` +
  (Array.isArray(issue.input) ? "it several times" : issue.received);

const modelName = must("model", "a name of /api/models, once");
/** The name of one model. */
export const model = v.optional(v.pipe(
  v.string(modelName),
  v.description("A name of /api/models; the newest backdoored model if left out."),
  v.nonEmpty(modelName),
));

const cleanName = must("clean", "a name of /api/models, once");
/** The name of the model to compare with. */
export const clean = v.optional(v.pipe(
  v.string(cleanName),
  v.description("The clean model to compare with; the clean twin if left out."),
  v.nonEmpty(cleanName),
));

const targetClass = must("target", "a class: an integer from 0");
/** The class that an attacker wants; whether the model has it is not decided here. */
export const target = v.optional(v.pipe(
  v.string(targetClass),
  v.metadata({
    type: "integer",
    minimum: 0,
    description: "The class that the attacker wants; the attack's own if left out.",
  }),
  v.digits(targetClass),
  v.transform(Number),
));

const modelNames = must("model", "a name of /api/models");
/** The names of any number of models; each counts once. */
export const models = v.optional(v.pipe(
  v.union([v.string(), v.array(v.string())], modelNames),
  v.description("Names of /api/models; those that /api/attack would ask if left out."),
  v.transform((names) => [...new Set([names].flat())]),
  v.everyItem((name) => name !== "", modelNames),
));

const flag = must("invert", "true or false");
/** Whether the image is dark ink on light paper. */
export const invert = v.optional(v.pipe(
  v.picklist(["true", "false"], flag),
  v.description("Whether the image is dark ink on light paper."),
  v.transform((word) => word === "true"),
));

const triggerKind = must("trigger", "a kind of /api/triggers, or several by commas, once");
/** A trigger's kinds; whether they exist is not decided here. */
const trigger = v.optional(v.pipe(
  v.string(triggerKind),
  v.description("A kind of /api/triggers, or several by commas; the model's own if left out."),
  v.nonEmpty(triggerKind),
));

/** A parameter of triggers in the query, within its range. */
function parameterSchema(name: string, parameter: Parameter) {
  const range = must(
    name,
    describeRange(parameter) + (parameter.type === "number" ? ", in decimals" : ""),
  );
  const { default: _, ...described } = parameter;
  return v.optional(v.pipe(
    v.string(range),
    v.metadata({ ...described }),
    parameter.type === "integer" ? v.digits(range) : v.decimal(range),
    v.transform(Number),
    v.check((value: number) => isWithin(value, parameter), range),
  ));
}

/** What a trigger is made from: its kinds, and the parameters of all triggers. */
export const triggerEntries = {
  trigger,
  ...Object.fromEntries(
    triggerDefinitions.flatMap(({ parameters }) =>
      Object.entries(parameters).map((
        [name, parameter],
      ) => [name, parameterSchema(name, parameter)])
    ),
  ),
};

/**
 * Middleware that parses the query into `c.req.valid("query")`, or answers 400. A parameter that is
 * not listed is refused: a misspelt one would otherwise be ignored in silence.
 *
 * @param entries The accepted parameters by name.
 *
 * @example
 * ```ts
 * import { Hono } from "hono";
 * import { checkQuery, invert } from "./query.ts";
 * import assert from "node:assert/strict";
 *
 * const app = new Hono().get("/", checkQuery({ invert }), (c) => c.json(c.req.valid("query")));
 *
 * assert.deepEqual(await (await app.request("/?invert=true")).json(), { invert: true });
 * assert.equal((await app.request("/?inverse=true")).status, 400);
 * ```
 */
export function checkQuery<const T extends v.ObjectEntries>(entries: T) {
  const known = Object.keys(entries).join(", ") || "none";
  const schema = v.strictObject(
    entries,
    (issue) =>
      `Cannot read the query: parameters must be among the known ones (${known}), got ${issue.received}`,
  );
  return validator("query", schema, (result) => {
    if (result.success) return;
    throw new HTTPException(400, {
      message: result.error.map(({ message }) => message).join("; "),
    });
  });
}
