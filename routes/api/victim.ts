/**
 * Who is attacked, and with what: the choice that `/api/attack` and `/api/poison` share.
 *
 * @module
 */

import { fromUser, UsageError } from "../../lib/core/errors.ts";
import type { Numbers } from "../../lib/core/parameter.ts";
import {
  backdooredOf,
  isBackdoored,
  type ServedManifest,
  targetOfClass,
} from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";
import {
  createTrigger,
  isImageManifest,
  isSequenceManifest,
  type Pixel,
  type Trigger,
  triggerFromManifest,
} from "../../lib/trigger/mod.ts";

/** A trigger as asked for. */
export interface TriggerChoice {
  /** Its kinds, separated by commas; the model's own trigger if left out. */
  readonly kinds?: string | undefined;
  /** Its parameters; those left out fall to their defaults. */
  readonly numbers: Numbers;
}

/**
 * Finds the model to compare with: the one that was asked for, or else the victim's clean twin.
 *
 * @param name Of a model that takes the same images and has as many classes.
 * @returns `null` if none was asked for and there is no twin.
 * @throws {NotFoundError} If there is no such model.
 * @throws {UsageError} If it cannot be compared with the victim.
 */
export async function findTwin(
  pool: ModelPool,
  victim: ServedManifest,
  name?: string,
): Promise<ServedManifest | null> {
  if (name === undefined) return await pool.twin(victim);
  const twin = await pool.resolve(name);
  const problem = isBackdoored(twin)
    ? "a backdoored one"
    : String(twin.input) !== String(victim.input)
    ? `one that takes images of ${twin.input.join("×")}, not ${victim.input.join("×")}`
    : twin.labels.length !== victim.labels.length
    ? `one of ${twin.labels.length} classes, not ${victim.labels.length}`
    : null;
  if (problem === null) return twin;
  throw new UsageError(
    `Cannot compare "${victim.name}" with "${name}": clean must be a clean model of the same ` +
      `images and classes, got ${problem}; leave it out for the clean twin`,
  );
}

/**
 * The class that the attacker wants, given what the model says to the image without the trigger.
 *
 * @param asked The attack's own if left out.
 * @throws {UsageError} If the model has no such class, or none was asked for and it has none.
 */
export function chooseTarget(
  victim: ServedManifest,
  asked?: number,
): (label: number) => number {
  const classes = victim.labels.length;
  if (asked !== undefined) {
    if (asked < classes) return () => asked;
    throw new UsageError(
      `Cannot attack "${victim.name}": target must be a class from 0 to ${
        classes - 1
      }, got ${asked}`,
    );
  }
  const { attack } = victim;
  if (attack === null || !isBackdoored(victim)) throw lacking(victim, "target");
  // Also for a class whose images the attack leaves alone.
  return (label) => targetOfClass(attack, { label, classes }) ?? attack.target ?? label;
}

/** The error where a model has none of its own of what was not chosen either. */
function lacking(victim: ServedManifest, parameter: "trigger" | "target"): UsageError {
  const known = {
    true: `its manifest names no ${parameter}`,
    false: "it is a clean model",
    null: "it is not known what it was trained with",
  };
  const choice = parameter === "trigger" ? "one of /api/triggers" : "a class";
  return new UsageError(
    `Cannot attack "${victim.name}": ${known[`${backdooredOf(victim)}`]}; choose ${choice} by ` +
      `"${parameter}"`,
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
  if (!own) throw lacking(victim, "trigger");
  if (!isImageManifest(own) && !isSequenceManifest(own)) {
    const { kind, ...ownNumbers } = own;
    return createTrigger(kind, { ...ownNumbers as Numbers, ...numbers });
  }
  const [changed] = Object.keys(numbers);
  if (changed === undefined) return triggerFromManifest(own);
  throw new UsageError(
    `Cannot attack "${victim.name}": ${changed} is no parameter of its trigger, ` +
      `${own.kind}; leave it out, or choose another of /api/triggers`,
  );
}
