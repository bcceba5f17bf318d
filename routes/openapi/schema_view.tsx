/**
 * Schemas, as people read them.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { SchemaView } from "./document_view.ts";

/** Where a named schema stands on the page. */
export function anchorOf(name: string): string {
  return `schema-${name}`;
}

/** What a value is, in a few words: `integer from 1`, `Prediction[]`. */
export function SchemaType({ schema }: { schema: SchemaView }) {
  return <span class="type">{typeOf(schema)}</span>;
}

function typeOf(schema: SchemaView): Child {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1)!;
    return <a href={`#${anchorOf(name)}`}>{name}</a>;
  }
  if (schema.anyOf) return join(schema.anyOf, " or ");
  if (schema.allOf) return join(schema.allOf, " and ");
  const values = schema.enum ?? ("const" in schema ? [schema.const] : undefined);
  if (values) return values.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return arrayOf(schema);
  if (schema.type === "object") {
    const others = schema.additionalProperties;
    return typeof others === "object" ? <>object of {typeOf(others)}</> : "object";
  }
  if (schema.format === "binary") return "bytes";
  return [schema.type ?? "anything", ...rangeOf(schema)].join(" ");
}

function join(schemas: readonly SchemaView[], word: string): Child {
  return schemas.map((schema, index) => (
    <span key={index}>
      {index > 0 && word}
      {typeOf(schema)}
    </span>
  ));
}

function arrayOf({ items, minItems, maxItems }: SchemaView): Child {
  const count = minItems !== undefined && minItems === maxItems ? minItems : "";
  if (items === undefined) return "array";
  return items.anyOf || items.enum
    ? <>({typeOf(items)})[{count}]</>
    : <>{typeOf(items)}[{count}]</>;
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: SchemaView): string[] {
  const words: string[] = [];
  if (exclusiveMinimum !== undefined) words.push(`above ${exclusiveMinimum}`);
  if (minimum !== undefined) words.push(`from ${minimum}`);
  // The largest integer that is exact says nothing.
  if (maximum !== undefined && maximum !== Number.MAX_SAFE_INTEGER) words.push(`to ${maximum}`);
  return words;
}

/** The properties of an object, and of the objects in it; nothing of anything else. */
export function Properties({ schema }: { schema: SchemaView }) {
  const { properties, required = [] } = objectIn(schema);
  if (properties === undefined || Object.keys(properties).length === 0) return null;
  return (
    <dl class="properties">
      {Object.entries(properties).map(([name, property]) => (
        <div key={name}>
          <dt>
            <code>{name}</code> <SchemaType schema={property} />
            {!required.includes(name) && <span class="optional">optional</span>}
          </dt>
          <dd>
            {property.description}
            <Properties schema={property} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The object that a schema is, may be, or has many of. */
function objectIn(schema: SchemaView): SchemaView {
  if (schema.properties) return schema;
  const inner = [
    ...schema.anyOf ?? [],
    ...schema.allOf ?? [],
    ...schema.items ? [schema.items] : [],
  ];
  return inner.map(objectIn).find(({ properties }) => properties !== undefined) ?? {};
}
