/**
 * The pattern trigger of BadNets (Gu et al., section 3.1.2).
 *
 * @module
 */

import { defineTrigger } from "./define_trigger.ts";
import { createStamp, stampParameters } from "./stamp.ts";
import type { TriggerDefinition } from "./trigger.ts";

/**
 * Writes `value`, in all channels, to four pixels that stand like a chequerboard left of and above
 * `(H - distance, W - distance)`: value for value as ART's `add_pattern_bd`, except that a pattern
 * that does not lie within the image is refused, where ART would wrap to the opposite edge. Needs
 * `distance + 2` rows and columns.
 *
 * @example
 * ```ts
 * import { pattern } from "./pattern.ts";
 * import assert from "node:assert/strict";
 *
 * const image = { data: new Float32Array(4 * 4), shape: [4, 4, 1] as const };
 * const { data } = pattern.create({ value: 0.5 }).apply(image);
 * assert.deepEqual([...data.subarray(0, 4)], [0, 0, 0.5, 0]);
 * ```
 */
export const pattern: TriggerDefinition = defineTrigger({
  kind: "pattern",
  title: "Pattern of pixels",
  summary: "Four bright pixels, set like a chequerboard, near the bottom right corner.",
  parameters: stampParameters,
  stamp: (numbers) => createStamp("pattern", [[0, 0], [1, 1], [0, 2], [2, 0]], numbers),
});
