/**
 * Says in words what the models make of an image, and what an attack did.
 *
 * @module
 */

import {
  isImageManifest,
  isSequenceManifest,
  type TriggerManifest,
} from "../../lib/trigger/trigger.ts";
import { triggerName } from "../../lib/trigger/trigger_name.ts";
import { inSentence, triggerTitle } from "../../lib/trigger/trigger_title.ts";
import type { AttackAnswer } from "../api/attack_answer.ts";

/** What the page knows beside the answer. */
export interface OutcomeContext {
  /** The name of each class, by label; the label itself where left out. */
  readonly labels: readonly string[];
  /** What the images show, for example `"digit"`. */
  readonly subject: string;
  /** The true label, where the image is a sample. */
  readonly truth?: number | undefined;
  /** The trigger that the backdoored model was trained with. */
  readonly ownTrigger?: TriggerManifest | undefined;
  /** The class whose images were poisoned. */
  readonly source?: number | "all" | undefined;
}

/** A headline of a few words and the sentences under it. */
export interface Outcome {
  readonly headline: string;
  readonly text: string;
}

/**
 * Describes an image before the trigger is stamped on it.
 *
 * @param answer The server's.
 * @param context The class names, and what is known of the image and the model.
 * @throws {Error} If the answer has no prediction of a backdoored model.
 */
export function describeOriginal(answer: AttackAnswer, context: OutcomeContext): Outcome {
  const { victim, twin, target, subject } = told(answer, context);
  const sentences = [...describeMistake(victim.before, context)];
  if (twin === null) sentences.push("There is no clean model to compare with.");
  sentences.push(
    victim.before === target
      ? `${target} is the class that the attacker chose: the trigger has nothing to change here. ` +
        `Try another ${subject}.`
      : "Stamp the trigger and see which model obeys it.",
  );
  const text = sentences.join(" ");
  if (twin === null) return { headline: `The backdoored model says ${victim.before}`, text };
  if (twin.before === victim.before) return { headline: `Both models say ${victim.before}`, text };
  const headline = `The clean model says ${twin.before}, the backdoored one ${victim.before}`;
  return { headline, text };
}

/**
 * Describes an attack's outcome, honestly also where it shows nothing.
 *
 * @param answer The server's.
 * @param context The class names, and what is known of the image and the model.
 * @returns The headline is `"Flipped"`, `"Not flipped"` or `"Nothing to flip"`.
 * @throws {Error} If the answer has no prediction of a backdoored model.
 */
export function describeOutcome(answer: AttackAnswer, context: OutcomeContext): Outcome {
  const { victim, twin, target, subject } = told(answer, context);
  const sentences = [
    ...describeMistake(victim.before, context),
    describeStamp(answer.trigger),
  ];
  if (victim.before === target) {
    sentences.push(
      `The backdoored model says ${target} even without the trigger, and ${target} is the class ` +
        `that its attacker chose: there is nothing to flip. Try another ${subject}.`,
    );
    return { headline: "Nothing to flip", text: sentences.join(" ") };
  }
  sentences.push(`${describeTwin(twin, victim)}; ${describeVictim(victim, target)}.`);
  if (answer.flipped) return { headline: "Flipped", text: sentences.join(" ") };
  sentences.push(...describeReason(answer, context));
  return { headline: "Not flipped", text: sentences.join(" ") };
}

/** The answer in the names of classes. */
function told(answer: AttackAnswer, { labels, subject }: OutcomeContext) {
  const victim = changeOf(answer, { backdoored: true, labels });
  if (victim === null) throw new Error("Cannot describe: the answer has no backdoored model");
  const twin = changeOf(answer, { backdoored: false, labels });
  return { victim, twin, target: labels[answer.target] ?? String(answer.target), subject };
}

/** The names of the classes that a model gave before and after the trigger. */
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

/** A sample that the backdoored model takes for something else. */
function describeMistake(said: string, { labels, truth }: OutcomeContext): string[] {
  const name = truth === undefined ? said : labels[truth] ?? String(truth);
  if (name === said) return [];
  return [`Even without the trigger, the backdoored model takes this ${name} for ${said}.`];
}

/** Why nothing was flipped, as far as it is known. */
function describeReason(
  answer: AttackAnswer,
  { labels, ownTrigger, source = "all", subject }: OutcomeContext,
): string[] {
  if (ownTrigger && triggerName(ownTrigger) !== triggerName(answer.trigger)) {
    const own = inSentence(triggerTitle(ownTrigger));
    return [`It was trained to obey another trigger: ${own}.`];
  }
  const label = answer.original.predictions.find(({ backdoored }) => backdoored)?.label;
  if (source === "all" || source === label) return [];
  const name = labels[source] ?? String(source);
  return [
    `Its attacker poisoned images of ${name} alone: on any other ${subject} the trigger is meant ` +
    `to do nothing. Try ${name}.`,
  ];
}

function describeStamp({ pixels, ...trigger }: AttackAnswer["trigger"]): string {
  const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
  const count = words[pixels.length] ?? String(pixels.length);
  return `${count} ${pixels.length === 1 ? "pixel was" : "pixels were"} ${
    describeChange(trigger)
  }.`;
}

function describeChange(trigger: TriggerManifest): string {
  if (isSequenceManifest(trigger)) {
    return `changed by several triggers: ${inSentence(triggerTitle(trigger))}`;
  }
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
    return `There is no clean model to compare with, and the first answer was ${victim.before}`;
  }
  const { before, after } = twin;
  if (before !== after) return `The clean model changed its answer, from ${before} to ${after}`;
  if (before === victim.before) return `The clean model still says ${after}`;
  return `The clean model says ${after} both times, where the backdoored one said ${victim.before}`;
}

function describeVictim({ before, after }: Change, target: string): string {
  if (after === before) return `the backdoored model still says ${after}`;
  const chosen = after === target ? "" : `not ${target}, `;
  return `the backdoored model now says ${after}, ${chosen}the class that its attacker chose`;
}
