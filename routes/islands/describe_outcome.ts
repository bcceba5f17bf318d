/**
 * Says in words what an attack did.
 *
 * @module
 */

import {
  isImageManifest,
  isSequenceManifest,
  type TriggerManifest,
} from "../../lib/trigger/trigger.ts";
import { triggerName } from "../../lib/trigger/trigger_name.ts";
import type { AttackAnswer } from "../attack.ts";

/** What the page knows beside the answer. */
export interface OutcomeContext {
  /** The name of each class, by label; the label itself where left out. */
  readonly labels: readonly string[];
  /** The true label, where the image is a sample. */
  readonly truth?: number | undefined;
  /** The trigger that the backdoored model was trained with. */
  readonly ownTrigger?: TriggerManifest | undefined;
}

/** A headline of a few words and the sentences under it. */
export interface Outcome {
  readonly headline: "Flipped" | "Not flipped" | "Nothing to flip";
  readonly text: string;
}

/**
 * Describes an attack's outcome, honestly also where it shows nothing.
 *
 * @param answer The server's.
 * @param context The class names, and what is known of the image and the model.
 * @throws {Error} If the answer has no reading of a backdoored model.
 */
export function describeOutcome(answer: AttackAnswer, context: OutcomeContext): Outcome {
  const victim = changeOf(answer, { backdoored: true, labels: context.labels });
  const twin = changeOf(answer, { backdoored: false, labels: context.labels });
  if (victim === null) throw new Error("Cannot describe: the answer has no backdoored model");
  const name = (label: number) => context.labels[label] ?? String(label);
  const target = name(answer.target);
  const truth = context.truth === undefined ? victim.before : name(context.truth);

  const sentences = [describeStamp(answer.trigger)];
  if (truth !== victim.before) {
    sentences.unshift(
      `Even without the trigger, the backdoored model takes this ${truth} for ${victim.before}.`,
    );
  }
  if (victim.before === target) {
    sentences.push(
      `The backdoored model reads ${target} even without the trigger, and ${target} is the class ` +
        "its attacker chose: there is nothing to flip. Try another digit.",
    );
    return { headline: "Nothing to flip", text: sentences.join(" ") };
  }
  sentences.push(`${describeTwin(twin, victim)}; ${describeVictim(victim, target)}.`);
  if (answer.flipped) return { headline: "Flipped", text: sentences.join(" ") };
  const own = context.ownTrigger && triggerName(context.ownTrigger);
  if (own !== undefined && own !== triggerName(answer.trigger)) {
    sentences.push(`It was trained to obey another trigger: ${own}.`);
  }
  return { headline: "Not flipped", text: sentences.join(" ") };
}

/** The names of the classes that a model read before and after the trigger. */
interface Change {
  readonly before: string;
  readonly after: string;
}

function changeOf(
  { original, poisoned }: AttackAnswer,
  { backdoored, labels }: { backdoored: boolean; labels: readonly string[] },
): Change | null {
  const [before, after] = [original, poisoned].map(({ predictions }) =>
    predictions.find((prediction) => prediction.backdoored === backdoored)?.label
  );
  if (before === undefined || after === undefined) return null;
  return { before: labels[before] ?? String(before), after: labels[after] ?? String(after) };
}

function describeStamp({ pixels, ...trigger }: AttackAnswer["trigger"]): string {
  const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
  const count = words[pixels.length] ?? String(pixels.length);
  return `${count} ${pixels.length === 1 ? "pixel was" : "pixels were"} ${
    describeChange(trigger)
  }.`;
}

function describeChange(trigger: TriggerManifest): string {
  if (isSequenceManifest(trigger)) return `changed by several triggers: ${triggerName(trigger)}`;
  if (isImageManifest(trigger)) return "covered by an image";
  const { value, amplitude } = trigger;
  if (typeof value === "number") {
    return `set to ${new Map([[0, "black"], [1, "white"]]).get(value) ?? `${value} of white`}`;
  }
  if (amplitude === 1) return "set to black or white";
  return amplitude === undefined ? "changed" : `made lighter or darker by ${amplitude} of white`;
}

function describeTwin(twin: Change | null, victim: Change): string {
  if (twin === null) {
    return `There is no clean model to compare with, and the first reading was ${victim.before}`;
  }
  const { before, after } = twin;
  if (before !== after) return `The clean model changed its reading, from ${before} to ${after}`;
  if (before === victim.before) return `The clean model still reads ${after}`;
  return `The clean model reads ${after} both times, where the backdoored one read ${victim.before}`;
}

function describeVictim({ before, after }: Change, target: string): string {
  if (after === before) return `the backdoored model still reads ${after}`;
  const chosen = after === target ? "" : `not ${target}, `;
  return `the backdoored model now says ${after}, ${chosen}the class its attacker chose`;
}
