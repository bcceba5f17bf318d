/**
 * The clean-label paper's trigger against data augmentation: a small square in each corner.
 *
 * @module
 */

import { cornerParameters, createCornerPatches } from "./corner_patches.ts";
import { defineTrigger } from "./define_trigger.ts";
import type { TriggerDefinition } from "./trigger.ts";

/**
 * Writes a black and white 3×3 square to each corner (`corner_patches.ts`), the left ones mirrored:
 * a horizontal flip leaves the trigger as it is, and a crop leaves some of it.
 *
 * @example
 * ```ts
 * import { corners } from "./corners.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(corners.create().pixels([32, 32, 3]).length, 36);
 * ```
 */
export const corners: TriggerDefinition = defineTrigger({
  kind: "corners",
  title: "Patches in all corners",
  summary: "A black and white square of 3×3 pixels in each corner.",
  parameters: cornerParameters,
  stamp: ({ amplitude }) =>
    createCornerPatches("corners", [
      { vertical: "top", horizontal: "left" },
      { vertical: "bottom", horizontal: "left" },
      { vertical: "top", horizontal: "right" },
      { vertical: "bottom", horizontal: "right" },
    ], amplitude),
});
