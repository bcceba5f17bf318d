/**
 * Definitions of triggers that are made of numbers alone.
 *
 * @module
 */

import { completeNumbers, type Parameter } from "../core/parameter.ts";
import type { Stamp, TriggerDefinition } from "./trigger.ts";

/** A trigger's definition, as its file writes it. */
export interface TriggerSource<Name extends string> {
  readonly kind: string;
  readonly title: string;
  readonly summary: string;
  readonly parameters: Readonly<Record<Name, Parameter>>;
  /** Makes the trigger of numbers that are all there and in range. */
  readonly stamp: (numbers: Readonly<Record<Name, number>>) => Stamp;
}

/**
 * Makes a definition of a trigger: its numbers are completed and checked, and stand in its manifest.
 *
 * @example
 * ```ts
 * import { defineTrigger } from "./define_trigger.ts";
 * import { overwrite } from "./overwrite.ts";
 * import assert from "node:assert/strict";
 *
 * const topLeft = defineTrigger({
 *   kind: "top-left",
 *   title: "Top left pixel",
 *   summary: "One pixel in the top left corner.",
 *   parameters: {
 *     value: { type: "number", description: "what is written", default: 1, minimum: 0, maximum: 1 },
 *   },
 *   stamp: ({ value }) => overwrite(() => [[0, 0]], value),
 * });
 * assert.deepEqual(topLeft.create().manifest, { kind: "top-left", value: 1 });
 * assert.throws(() => topLeft.create({ value: 2 }), /value must be a number from 0 to 1, got 2/);
 * ```
 */
export function defineTrigger<const Name extends string>(
  { kind, title, summary, parameters, stamp }: TriggerSource<Name>,
): TriggerDefinition {
  return {
    kind,
    title,
    summary,
    parameters,
    create(given = {}) {
      const numbers = completeNumbers(parameters, given, `Cannot make trigger ${kind}`);
      return { manifest: { kind, ...numbers }, ...stamp(numbers) };
    },
  };
}
