/**
 * A trigger that was worked out from a model: what is laid over an image, and how much of it.
 *
 * @module
 */

import type { ImageBatch, ImageShape } from "../../core/types.ts";

/** A mask and a pattern. */
export interface ReversedTrigger {
  /** The class that it leads to. */
  readonly target: number;
  readonly shape: ImageShape;
  /** How much of the pattern each pixel takes, `(H, W)`, 0–1. */
  readonly mask: Float32Array;
  /** `(H, W, C)`, values in 0–1. */
  readonly pattern: Float32Array;
  /** Share of the clean images, those taken for the target left out, that it turns to the target. */
  readonly attackSuccess: number;
}

/**
 * Stamps images: (1 − mask)·image + mask·pattern.
 *
 * @param images `(N, H, W, C)`, values in 0–1.
 * @param trigger Of the same image size.
 * @returns New images of the same shape, values in 0–1.
 *
 * @example
 * ```ts
 * import { stampReversed } from "./reversed_trigger.ts";
 * import assert from "node:assert/strict";
 *
 * const images = { data: Float32Array.of(0, 1), shape: [1, 1, 2, 1] as const };
 * const trigger = { mask: Float32Array.of(0.5, 0), pattern: Float32Array.of(1, 0.3) };
 * assert.deepEqual(stampReversed(images, trigger).data, Float32Array.of(0.5, 1));
 * ```
 */
export function stampReversed(
  { data, shape }: ImageBatch,
  { mask, pattern }: Pick<ReversedTrigger, "mask" | "pattern">,
): ImageBatch {
  const stamped = new Float32Array(data.length);
  stampInto(stamped, data, { mask, pattern });
  return { data: stamped, shape };
}

/** As `stampReversed`, into an array of as many values as the images have. */
export function stampInto(
  stamped: Float32Array,
  images: Float32Array,
  { mask, pattern }: Pick<ReversedTrigger, "mask" | "pattern">,
): void {
  const size = pattern.length;
  const channels = size / mask.length;
  for (let first = 0; first < images.length; first += size) {
    for (let pixel = 0, i = 0; pixel < mask.length; pixel++) {
      const share = mask[pixel]!;
      for (let channel = 0; channel < channels; channel++, i++) {
        stamped[first + i] = (1 - share) * images[first + i]! + share * pattern[i]!;
      }
    }
  }
}
