/**
 * Compares answers with what the OpenAPI document says of them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, Media>> }>
  >;
}

interface Media {
  readonly schema: Schema;
}

type Schema = { readonly [key: string]: unknown };

/** What is read of an OpenAPI document. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Compares an answer to a method and a path with the document. */
export type AnswerCheck = (method: string, path: string, response: Response) => Promise<void>;

/**
 * Reads a document.
 *
 * @returns A check of answers, which leaves their bodies unread. It fails on a status, a type of
 * content or a property that is not described; an answer to what is not described must be an error.
 */
export function createAnswerCheck({ paths, components }: Document): AnswerCheck {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const { schemas } = close(components) as Document["components"];
  for (const [name, schema] of Object.entries(schemas)) {
    ajv.addSchema(schema, `#/components/schemas/${name}`);
  }
  const routes = Object.entries(paths)
    // So that a path goes before one with a parameter in its place.
    .sort(([a], [b]) => Number(a.includes("{")) - Number(b.includes("{")))
    .map(([path, operations]) => ({ form: formOf(path), operations }));
  const validators = new Map<Media, ValidateFunction>();

  return async (method, path, response) => {
    const route = routes.find(({ form }) => form.test(path));
    const operation = route?.operations[method.toLowerCase()];
    const where = `${method} ${path}: ${response.status}`;
    const type = response.headers.get("Content-Type") ?? "none";
    if (operation === undefined) {
      assert.ok(response.status >= 400, `${where}, and it is not described`);
      assert.equal(type, path.startsWith("/v2") ? "application/json" : "application/problem+json");
      return;
    }
    // What a client keeps, it has had.
    if (response.status === 304) return;
    const described = operation.responses[response.status];
    assert.ok(described, `${where} is not described`);
    const media = described.content?.[type];
    assert.ok(media, `${where} of the type ${type} is not described`);
    if (!/\bjson$/.test(type)) return;
    const validate = validators.get(media) ?? ajv.compile(close(media.schema) as Schema);
    validators.set(media, validate);
    const body = await response.clone().json();
    assert.ok(validate(body), `${where}: ${ajv.errorsText(validate.errors)}`);
  };
}

/** Paths that are of a path with parameters. */
function formOf(path: string): RegExp {
  const parts = path.split("/").map((part) =>
    /^\{.*\}$/.test(part) ? "[^/]+" : RegExp.escape(part)
  );
  // With a slash at its end, /v2 is the same.
  return new RegExp(`^${parts.join("/")}/?$`);
}

/** A schema whose objects have no property but those that it names, unless it says otherwise. */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== "object" || schema === null) return schema;
  const closed = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, key === "allOf" ? value : close(value)]),
  );
  const isOpen = !("properties" in schema) || "additionalProperties" in schema;
  return isOpen ? closed : { ...closed, additionalProperties: false };
}
