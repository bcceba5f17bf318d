/**
 * The type of what a schema describes.
 *
 * @module
 */

import type { GenericSchema, InferOutput } from "valibot";

/** What a schema describes, to be read alone. */
export type Answer<Schema extends GenericSchema> = DeepReadonly<InferOutput<Schema>>;

type DeepReadonly<T> = T extends readonly (infer Element)[]
  ? number extends T["length"] ? readonly DeepReadonly<Element>[] : T
  : T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
  : T;
