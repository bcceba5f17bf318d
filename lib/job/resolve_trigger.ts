/**
 * From a request to a trigger.
 *
 * @module
 */

import { fromUser } from "../core/errors.ts";
import { findByName } from "../core/find_by_name.ts";
import {
  createTrigger,
  type Trigger,
  triggerDefinitions,
  triggerFromManifest,
} from "../trigger/mod.ts";
import { checkNumbers } from "./check_numbers.ts";
import type { DataJob } from "./job.ts";
import { asItIs, type ResolveOptions } from "./resolve_options.ts";

/**
 * Makes the trigger of a job.
 *
 * @throws {UsageError} If a number is out of range, or nothing that is stamped takes it.
 * @throws {NotFoundError} If there is no such kind.
 */
export function resolveTrigger(
  { trigger, triggerNumbers }: Pick<DataJob, "trigger" | "triggerNumbers">,
  { spell = asItIs }: Pick<ResolveOptions, "spell"> = {},
): Trigger {
  const kinds = typeof trigger === "string" ? trigger.split(",") : [];
  checkNumbers(triggerNumbers, {
    what: `Cannot make trigger${kinds.length > 0 ? ` ${trigger}` : ""}`,
    takers: triggerDefinitions,
    taken: kinds.map((kind) =>
      findByName(triggerDefinitions, kind, "Cannot make trigger: kind").parameters
    ),
    nameOf: (parameter) => spell(triggerField(parameter)),
  });
  return fromUser(() =>
    typeof trigger === "string"
      ? createTrigger(trigger, triggerNumbers)
      : triggerFromManifest(trigger)
  );
}

/** The option that gives a trigger's parameter: `amplitude` is `triggerAmplitude`. */
export function triggerField(parameter: string): string {
  return `trigger${parameter.charAt(0).toUpperCase()}${parameter.slice(1)}`;
}
