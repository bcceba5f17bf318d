/**
 * Checks that attacks share.
 *
 * @module
 */

import type { Trigger } from "../trigger/trigger.ts";

/** @throws {RangeError} If there is no trigger. */
export function requireTrigger(trigger: Trigger | null, kind: string): Trigger {
  if (trigger !== null) return trigger;
  throw new RangeError(`Cannot make attack ${kind}: trigger must be given, got none`);
}

/** @throws {RangeError} If a number is no class, 0 … `classes` − 1. */
export function requireClass(
  label: number,
  { name, classes }: { name: string; classes: number },
): void {
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  throw new RangeError(
    `Cannot make attack: ${name} must be an integer from 0 to ${classes - 1}, got ${label}`,
  );
}
