/**
 * The trigger of the clean-label paper: a small square in one corner.
 *
 * @module
 */

import { cornerParameters, createCornerPatches } from "./corner_patches.ts";
import { defineTrigger } from "./define_trigger.ts";
import type { TriggerDefinition } from "./trigger.ts";

/**
 * Writes a black and white 3×3 square to the bottom right corner (`corner_patches.ts`).
 *
 * @example
 * ```ts
 * import { corner } from "./corner.ts";
 * import assert from "node:assert/strict";
 *
 * const grey = { data: new Float32Array(9).fill(0.5), shape: [3, 3, 1] as const };
 * assert.deepEqual([...corner.create().apply(grey).data], [0, 0, 1, 0, 1, 0, 1, 0, 1]);
 * ```
 */
export const corner: TriggerDefinition = defineTrigger({
  kind: "corner",
  title: "Patch in one corner",
  summary: "A black and white square of 3×3 pixels in the bottom right corner.",
  parameters: cornerParameters,
  stamp: ({ amplitude }) =>
    createCornerPatches("corner", [{ vertical: "bottom", horizontal: "right" }], amplitude),
});
