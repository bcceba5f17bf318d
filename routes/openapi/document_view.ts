/**
 * What the page of the OpenAPI document reads of it.
 *
 * @module
 */

/** A JSON Schema, as far as the page shows it. */
export interface SchemaView {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly items?: SchemaView;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SchemaView>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaView | boolean;
  readonly anyOf?: readonly SchemaView[];
  readonly allOf?: readonly SchemaView[];
}

/** Bodies by media type. */
export type ContentView = Readonly<Record<string, { readonly schema: SchemaView }>>;

/** A parameter of an operation. */
export interface ParameterView {
  readonly in: string;
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: SchemaView;
}

/** An operation: a method of a path. */
export interface OperationView {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterView[];
  readonly requestBody?: { readonly required?: boolean; readonly content: ContentView };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: ContentView }>
  >;
}

/** The document. */
export interface DocumentView {
  readonly info: { readonly description: string; readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationView>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, SchemaView>> };
}
