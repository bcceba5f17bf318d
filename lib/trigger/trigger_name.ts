/**
 * What a trigger is called.
 *
 * @module
 */

import { isSequenceManifest, type TriggerManifest } from "./trigger.ts";

/**
 * A trigger's kind, for people: `"pattern"`, or `"pixel then corner"` for a sequence.
 */
export function triggerName(manifest: TriggerManifest): string {
  if (!isSequenceManifest(manifest)) return manifest.kind;
  return manifest.triggers.map(({ kind }) => kind).join(" then ");
}
