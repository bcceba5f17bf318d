/**
 * What people call a trigger.
 *
 * @module
 */

import { triggerDefinitions } from "./definitions.ts";
import { isImageManifest, isSequenceManifest, type TriggerManifest } from "./trigger.ts";

/**
 * A trigger's title: `"Single pixel"`, `"An image"`, or `"Single pixel, then an image"` for a sequence.
 */
export function triggerTitle(manifest: TriggerManifest): string {
  if (isSequenceManifest(manifest)) {
    const [first = "", ...others] = manifest.triggers.map(triggerTitle);
    return [first, ...others.map(inSentence)].join(", then ");
  }
  if (isImageManifest(manifest)) return "An image";
  return triggerDefinitions.find(({ kind }) => kind === manifest.kind)?.title ?? manifest.kind;
}

/** A title as it stands within a sentence: `"single pixel"`. */
export function inSentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
