/**
 * Triggers by name.
 *
 * @module
 */

import { findByName } from "../core/find_by_name.ts";
import type { Numbers } from "../core/parameter.ts";
import { triggerDefinitions } from "./definitions.ts";
import { createImageTrigger } from "./image_trigger.ts";
import { createSequence } from "./sequence.ts";
import {
  isImageManifest,
  isSequenceManifest,
  type Trigger,
  type TriggerDefinition,
  type TriggerManifest,
} from "./trigger.ts";

/**
 * Makes the trigger of a kind, or of several kinds that are stamped one after the other.
 *
 * @param kinds A kind in `triggerDefinitions`, for example `"pattern"`, or several separated by commas.
 * @param options Those that the kinds take, each for every kind that takes it; the trigger's own
 * defaults if left out.
 * @param others Triggers that are not made of numbers alone, by what `kinds` calls them.
 * @throws {NotFoundError} If there is no such kind; names those there are.
 * @throws {RangeError} If an option is out of range, or none of the kinds takes it.
 *
 * @example
 * ```ts
 * import { createTrigger } from "./create_trigger.ts";
 * import assert from "node:assert/strict";
 *
 * const trigger = createTrigger("pixel", { distance: 1 });
 * assert.deepEqual(trigger.manifest, { kind: "pixel", distance: 1, value: 1 });
 * assert.equal(createTrigger("corner,pixel").manifest.kind, "sequence");
 * ```
 */
export function createTrigger(
  kinds: string,
  options: Numbers = {},
  others: ReadonlyMap<string, Trigger> = new Map(),
): Trigger {
  const parts = kinds.split(",").map((kind) => others.get(kind) ?? findDefinition(kind));
  for (const [name, value] of Object.entries(options)) {
    if (
      value !== undefined && !parts.some((part) => "parameters" in part && name in part.parameters)
    ) {
      throw new RangeError(
        `Cannot make trigger ${kinds}: ${name} is no parameter of it, got ${value}; leave it out`,
      );
    }
  }
  return createSequence(parts.map((part) => "create" in part ? part.create(options) : part));
}

function findDefinition(kind: string): TriggerDefinition {
  return findByName(triggerDefinitions, kind, "Cannot make trigger: kind");
}

/**
 * Makes a trigger again from its description.
 *
 * @throws {NotFoundError} If there is no such kind.
 * @throws {RangeError} If something in it is out of range.
 */
export function triggerFromManifest(manifest: TriggerManifest): Trigger {
  if (isSequenceManifest(manifest)) {
    return createSequence(manifest.triggers.map(triggerFromManifest));
  }
  if (isImageManifest(manifest)) return createImageTrigger(manifest.image, manifest);
  const { kind, ...numbers } = manifest;
  return createTrigger(kind, numbers as Numbers);
}
