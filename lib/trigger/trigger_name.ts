/**
 * What a trigger is called.
 *
 * @module
 */

import type { TriggerManifest } from "./trigger.ts";

/**
 * A trigger's kind, for people: `"pattern"`, or `"pixel then corner"` for a sequence.
 */
export function triggerName(manifest: TriggerManifest): string {
  if (manifest.kind !== "sequence") return manifest.kind;
  return manifest.triggers.map(({ kind }) => kind).join(" then ");
}
