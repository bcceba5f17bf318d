/**
 * Who is attacked, and with what: the choice that `/api/attack` and `/api/poison` share.
 *
 * @module
 */

import { fromUser, UsageError } from "../lib/core/errors.ts";
import { isBackdoored, type ModelPool, type ServedManifest } from "../lib/registry/mod.ts";
import type { Numbers } from "../lib/core/parameter.ts";
import {
  createTrigger,
  isImageManifest,
  isSequenceManifest,
  type Pixel,
  type Trigger,
  triggerFromManifest,
} from "../lib/trigger/mod.ts";

/** A trigger as asked for. */
export interface TriggerChoice {
  /** Its kinds, separated by commas; the model's own trigger if left out. */
  readonly kinds?: string | undefined;
  /** Its parameters; those left out fall to their defaults. */
  readonly numbers: Numbers;
}

/**
 * Finds the backdoored model to attack.
 *
 * @param name The newest one where left out.
 * @throws {NotFoundError} If there is no such model.
 * @throws {UsageError} If the model is a clean one.
 */
export async function findVictim(pool: ModelPool, name?: string): Promise<ServedManifest> {
  const manifest = await pool.resolve(name);
  // Before anything is made in the size that its manifest says.
  await pool.load(manifest);
  if (isBackdoored(manifest)) return manifest;
  throw new UsageError(
    `Cannot attack "${manifest.name}": model must be a backdoored one, got a clean one; ` +
      "choose one with an attack from /api/models, or leave model out for the newest",
  );
}

/**
 * Makes the trigger for a model.
 *
 * Without `kinds` it is the one that the model was trained with, changed where the
 * options say so; with them, a trigger of those kinds with their own defaults.
 *
 * @returns The trigger and the pixels that it changes in the model's input.
 * @throws {NotFoundError} If there is no such kind.
 * @throws {UsageError} If an option is none of the trigger's, it does not lie within the model's input, or none was chosen and
 * the model names none.
 */
export function chooseTrigger(
  victim: ServedManifest,
  choice: TriggerChoice,
): { trigger: Trigger; pixels: readonly Pixel[] } {
  return fromUser(() => {
    const trigger = makeTrigger(victim, choice);
    return { trigger, pixels: trigger.pixels(victim.input) };
  });
}

function makeTrigger(victim: ServedManifest, { kinds, numbers }: TriggerChoice): Trigger {
  if (kinds !== undefined) return createTrigger(kinds, numbers);
  const own = victim.attack?.trigger;
  if (!own) {
    throw new UsageError(
      `Cannot attack "${victim.name}": its manifest names no trigger; choose one of /api/triggers`,
    );
  }
  if (!isImageManifest(own) && !isSequenceManifest(own)) {
    const { kind, ...ownNumbers } = own;
    return createTrigger(kind, { ...ownNumbers as Numbers, ...numbers });
  }
  const [changed] = Object.keys(numbers);
  if (changed === undefined) return triggerFromManifest(own);
  throw new UsageError(
    `Cannot attack "${victim.name}": ${changed} must be left out, for its trigger (${own.kind}) ` +
      "has none; or choose another of /api/triggers",
  );
}
