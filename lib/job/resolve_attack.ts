/**
 * From a request to the attack that a trained model is evaluated under.
 *
 * @module
 */

import { fromUser, UsageError } from "../core/errors.ts";
import { findByName } from "../core/find_by_name.ts";
import { type Attack, attackDefinitions, createAttack } from "../poison/mod.ts";
import type { ModelAttack, ModelManifest } from "../registry/mod.ts";
import {
  isImageManifest,
  isSequenceManifest,
  type Trigger,
  triggerFromManifest,
} from "../trigger/mod.ts";
import { DEFAULT_ATTACK, DEFAULT_TRIGGER } from "./defaults.ts";
import { attackOfModel } from "./evaluate_model.ts";
import type { AttackRequest, TriggerRequest } from "./request.ts";
import { refuseContradictions, refuseSameClass } from "./resolve_data.ts";
import { asItIs, type ResolveOptions } from "./resolve_options.ts";
import { resolveTrigger } from "./resolve_trigger.ts";

/** What is known of the model. */
type AttackedModel = Pick<ModelManifest, "attack" | "labels" | "input">;

/**
 * The attack that a model is to be evaluated under. What the request leaves out is the attack's that
 * the model was trained under or, of a clean model and of one whose attack is not known, as in a
 * training.
 *
 * @throws {UsageError} If fields contradict each other or are out of range, or the trigger does not lie
 * within the model's images.
 * @throws {NotFoundError} If there is no such attack or trigger.
 */
export function resolveAttack(
  request: AttackRequest,
  { attack: trained, labels, input }: AttackedModel,
  { spell = asItIs }: Pick<ResolveOptions, "spell"> = {},
): Attack {
  if (Object.keys(request).length === 0) return attackOfModel({ attack: trained, labels });
  const own = trained?.kind === "none" ? null : trained;
  const { attack: kind = own?.kind ?? DEFAULT_ATTACK } = request;
  const definition = findByName(attackDefinitions, kind, "Cannot make attack: kind");
  refuseContradictions(definition, { request, spell });
  const { source = own?.source ?? "all", target = own?.target ?? 0 } = request;
  refuseSameClass(definition, { source, target, spell });
  const numbers = request.attackNumbers ?? (kind === own?.kind ? own.numbers : undefined);
  const takesTrigger = definition.takes.includes("trigger");
  const trigger = takesTrigger ? requestedTrigger(request, { own, spell }) : null;
  return fromUser(() => {
    trigger?.pixels(input);
    return createAttack(kind, { trigger, source, target, numbers, classes: labels.length });
  });
}

/** The trigger that is asked for; numbers alone change the model's own. */
function requestedTrigger(
  { trigger, triggerNumbers }: AttackRequest,
  { own, spell }: { own: ModelAttack | null; spell: (option: string) => string },
): Trigger {
  const ownTrigger = own?.trigger ?? { kind: DEFAULT_TRIGGER };
  if (trigger !== undefined) return resolveTrigger({ trigger, triggerNumbers }, { spell });
  if (triggerNumbers === undefined) return triggerFromManifest(ownTrigger);
  if (isImageManifest(ownTrigger) || isSequenceManifest(ownTrigger)) {
    throw new UsageError(
      `Cannot change the model's own trigger: ${
        spell("trigger")
      } must be given, for its own is of ` +
        `kind ${ownTrigger.kind}, got ${Object.keys(triggerNumbers).join(", ")} alone`,
    );
  }
  const { kind, ...numbers } = ownTrigger;
  const request = { trigger: kind, triggerNumbers: { ...numbers, ...triggerNumbers } };
  return resolveTrigger(request as TriggerRequest & { trigger: string }, { spell });
}
