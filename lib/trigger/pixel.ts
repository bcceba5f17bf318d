/**
 * The single-pixel trigger of BadNets (Gu et al., section 3.1.2).
 *
 * @module
 */

import { defineTrigger } from "./define_trigger.ts";
import { createStamp, stampParameters } from "./stamp.ts";
import type { TriggerDefinition } from "./trigger.ts";

/**
 * Writes `value` to the pixel `(H - distance, W - distance)`, in all channels: value for value as
 * ART's `add_single_bd`, except that a pixel outside the image is refused, where ART would wrap to
 * the opposite edge.
 *
 * @example
 * ```ts
 * import { pixel } from "./pixel.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(pixel.create().pixels([28, 28, 1]), [[26, 26]]);
 * ```
 */
export const pixel: TriggerDefinition = defineTrigger({
  kind: "pixel",
  title: "Single pixel",
  summary: "One bright pixel near the bottom right corner.",
  parameters: stampParameters,
  stamp: (numbers) => createStamp("pixel", [[0, 0]], numbers),
});
