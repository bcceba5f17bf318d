/**
 * Several triggers, one after the other, as ART's `PoisoningAttackBackdoor` takes a list of them.
 *
 * @module
 */

import {
  isSequenceManifest,
  type Pixel,
  type SingleTriggerManifest,
  type Trigger,
} from "./trigger.ts";

/** Most characters of a sequence's manifest as JSON, for a model's manifest is bounded. */
const MAX_MANIFEST = 32 * 1024;

/**
 * Makes one trigger of several: each is stamped on the last one's result.
 *
 * @param triggers One or more, in the order of stamping; sequences among them are laid open.
 * @returns The trigger itself where there is one.
 * @throws {RangeError} If there is none, or their manifests are too large for a model's.
 *
 * @example
 * ```ts
 * import { corner } from "./corner.ts";
 * import { pixel } from "./pixel.ts";
 * import { createSequence } from "./sequence.ts";
 * import assert from "node:assert/strict";
 *
 * const both = createSequence([pixel.create(), corner.create()]);
 * assert.equal(both.manifest.kind, "sequence");
 * assert.equal(both.pixels([28, 28, 1]).length, 9);
 * ```
 */
export function createSequence(triggers: readonly Trigger[]): Trigger {
  const [only] = triggers;
  if (only === undefined) {
    throw new RangeError("Cannot make a sequence of triggers: it must have one or more, got none");
  }
  if (triggers.length === 1) return only;
  const manifests = triggers.flatMap(({ manifest }): readonly SingleTriggerManifest[] =>
    isSequenceManifest(manifest) ? manifest.triggers : [manifest]
  );
  const length = JSON.stringify(manifests).length;
  if (length > MAX_MANIFEST) {
    throw new RangeError(
      `Cannot make a sequence of triggers: its manifest must have at most ${MAX_MANIFEST} ` +
        `characters, got ${length}; use fewer or smaller images`,
    );
  }
  return {
    manifest: { kind: "sequence", triggers: manifests },
    pixels(shape, index) {
      const all = triggers.flatMap((trigger) => trigger.pixels(shape, index));
      return [...new Map(all.map((pixel): [string, Pixel] => [String(pixel), pixel])).values()];
    },
    apply: (images, options) =>
      triggers.reduce((stamped, trigger) => trigger.apply(stamped, options), images),
  };
}
