/**
 * Triggers by name.
 *
 * @module
 */

import { NotFoundError } from "../core/errors.ts";
import { triggerDefinitions } from "./definitions.ts";
import type { Trigger, TriggerManifest, TriggerOptions } from "./trigger.ts";

/**
 * Makes the trigger of a kind.
 *
 * @param kind A kind in `triggerDefinitions`, for example `"pattern"`.
 * @param options Distance and value; the trigger's own defaults where left out.
 * @throws {NotFoundError} If there is no such kind; names those there are.
 * @throws {RangeError} If an option is out of range.
 *
 * @example
 * ```ts
 * import { createTrigger } from "./create_trigger.ts";
 * import assert from "node:assert/strict";
 *
 * const trigger = createTrigger("pixel", { distance: 1 });
 * assert.deepEqual(trigger.manifest, { kind: "pixel", distance: 1, value: 1 });
 * ```
 */
export function createTrigger(kind: string, options?: TriggerOptions): Trigger {
  const definition = triggerDefinitions.find((candidate) => candidate.kind === kind);
  if (definition === undefined) {
    const known = triggerDefinitions.map((candidate) => candidate.kind).join(", ");
    throw new NotFoundError(`Cannot make trigger: kind must be one of ${known}, got ${kind}`);
  }
  return definition.create(options);
}

/**
 * Makes a trigger again from its description.
 *
 * @throws {NotFoundError} If there is no such kind.
 * @throws {RangeError} If an option is out of range.
 */
export function triggerFromManifest({ kind, ...options }: TriggerManifest): Trigger {
  return createTrigger(kind, options);
}
