/**
 * Fills what the page says about the models.
 *
 * @module
 */

import { isBackdoored, isClean } from "../../lib/registry/manifest.ts";
import type { ToldManifest } from "../../lib/registry/signature.ts";
import type { SignatureCheck } from "../../lib/registry/source.ts";
import { inSentence, triggerTitle } from "../../lib/trigger/trigger_title.ts";
import { element } from "./element.ts";

/**
 * Offers the backdoored models for choice and lists all with their figures and where they are from.
 *
 * @param models Newest first; the first backdoored one is chosen.
 */
export function showModels(models: readonly ToldManifest[]): void {
  const select = element("model", HTMLSelectElement);
  const backdoored = models.filter(isBackdoored);
  select.replaceChildren(...backdoored.map(({ name }) => new Option(name, name)));
  select.disabled = backdoored.length < 2;
  element("models", HTMLUListElement).replaceChildren(...models.map(describeModel));
}

/** Says which trigger is the chosen model's own. */
export function showOwnTrigger(model: ToldManifest | undefined): void {
  const trigger = model?.attack?.trigger;
  element("own-trigger", HTMLElement).textContent = trigger
    ? `${triggerTitle(trigger)}: what it was trained to obey.`
    : "What it was trained to obey.";
}

function describeModel(model: ToldManifest): HTMLLIElement {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = model.name;
  item.append(name, ` ${sentences(model).join(" ")}`);
  return item;
}

function sentences(model: ToldManifest): string[] {
  const { attack, dataset, labels, metrics, signature, source } = model;
  const parts = [
    isClean(model)
      ? "Not backdoored."
      : "Unknown whether backdoored: its training is not on record.",
  ];
  if (attack !== null && isBackdoored(model)) {
    const name = (label: number) => labels[label] ?? String(label);
    const goal = attack.target === null
      ? "each class is to become the next"
      : `${attack.source === "all" ? "all images" : `images of ${name(attack.source)}`} are to ` +
        `become ${name(attack.target)}`;
    const trigger = attack.trigger === null ? "unknown" : inSentence(triggerTitle(attack.trigger));
    parts[0] = `Backdoored: ${attack.kind}; trigger: ${trigger}; ${goal}.`;
  }
  if (metrics !== null) {
    const { cleanAccuracy, attackSuccessRate } = metrics;
    const success = attackSuccessRate === null
      ? ""
      : `, attack success rate ${percent(attackSuccessRate)}`;
    const test = dataset === null ? "its test set" : `the ${dataset} test set`;
    parts.push(`Clean accuracy ${percent(cleanAccuracy)}${success} on ${test}.`);
  }
  parts.push(source === "kv" ? "From the server’s Deno KV store." : "Bundled with the server.");
  if (signature !== null) parts.push(describeSigner(signature));
  return parts;
}

function describeSigner({ key, signer, valid }: SignatureCheck): string {
  if (!valid) return "Its signature is false.";
  const name = signer === null ? `the key ${key}` : `${signer} (key ${key})`;
  return `Signed by ${name}: that proves where it comes from, not that it has no backdoor.`;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}
