/**
 * Random changes to images on their way into a batch.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { ImageShape } from "../core/types.ts";

/** How training images are changed at random, anew in each epoch. */
export interface Augmentation {
  /**
   * Images are moved by up to this many pixels each way, from 0 to below their height and width;
   * what moves in is black. The same as a random crop out of an image padded by as many.
   */
  readonly shift: number;
  /** Whether each image is flipped left to right with probability one half. */
  readonly flip: boolean;
  /**
   * Before the trigger, it stands where it will stand at test time; after it, the trigger moves and
   * flips with its image, as in a data set that was poisoned before its user augments it.
   */
  readonly order: "before trigger" | "after trigger";
}

/** Images as they are. */
export const noAugmentation: Augmentation = { shift: 0, flip: false, order: "before trigger" };

/**
 * Writes an image to `target`, changed at random; each call draws anew.
 *
 * @param image `(H, W, C)`; left as it is.
 * @param target As many values, in other memory.
 */
export type Augment = (image: Float32Array, target: Float32Array) => void;

/** Whose random numbers changes are drawn from. */
export interface AugmentOptions {
  readonly shape: ImageShape;
  readonly seed: number;
  /** From 1: each epoch has changes of its own. */
  readonly epoch: number;
}

/**
 * Makes the changes of one epoch.
 *
 * @throws {RangeError} If the shift is out of range.
 */
export function createAugment(
  { shift, flip }: Augmentation,
  { shape, seed, epoch }: AugmentOptions,
): Augment {
  const [height, width] = shape;
  if (!Number.isInteger(shift) || shift < 0 || shift >= Math.min(height, width)) {
    throw new RangeError(
      `Cannot make batches: shift must be an integer from 0 to below the images' height and width, ` +
        `${height}×${width}, got ${shift}`,
    );
  }
  const moves = createRandom(seed, `shift epoch ${epoch}`);
  const flips = createRandom(seed, `flip epoch ${epoch}`);
  const step = () => moves.integer(2 * shift + 1) - shift;
  return (image, target) => {
    if (shift === 0) target.set(image);
    else moveImage(image, target, { shape, down: step(), right: step() });
    if (flip && flips.uniform() < 0.5) flipImage(target, shape);
  };
}

/** Copies an image to `target`, moved by a number of pixels down and to the right. */
function moveImage(
  image: Float32Array,
  target: Float32Array,
  { shape: [height, width, channels], down, right }: {
    shape: ImageShape;
    down: number;
    right: number;
  },
): void {
  const pitch = width * channels;
  const kept = (width - Math.abs(right)) * channels;
  target.fill(0);
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    const from = (y - down) * pitch + Math.max(0, -right) * channels;
    target.set(image.subarray(from, from + kept), y * pitch + Math.max(0, right) * channels);
  }
}

/** Flips an image left to right, in place. */
function flipImage(image: Float32Array, [height, width, channels]: ImageShape): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width >> 1; column++) {
      const left = (row * width + column) * channels;
      const right = (row * width + width - 1 - column) * channels;
      for (let c = 0; c < channels; c++) {
        const swapped = image[left + c]!;
        image[left + c] = image[right + c]!;
        image[right + c] = swapped;
      }
    }
  }
}
