/**
 * An image laid over a part of the image: ART's `insert_image`.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { Images, ImageShape } from "../core/types.ts";
import { divideBy255 } from "./divide_by_255.ts";
import { imageShape } from "./image_shape.ts";
import type { ApplyOptions, ImagePlace, Pixel, Trigger, TriggerImage } from "./trigger.ts";
import { readTriggerImage } from "./trigger_image.ts";

/** How an image is laid on others. */
export interface ImageTriggerOptions {
  /** Share of the laid-on image in the result, above 0 to 1; default 0.8, ART's. */
  readonly blend?: number;
  /** Default: the top left corner. ART's default is at random. */
  readonly place?: ImagePlace;
}

/** Bits in which Pillow's compositing is finer than bytes. */
const FINER = 7;

/** Weights of red, green and blue in grey (ITU-R 601-2), in units of 2⁻¹⁶. */
const LUMA = [19595, 38470, 7471] as const;

/**
 * Makes the trigger: value for value as ART's `insert_image` and the image library under it
 * (Pillow), in grey (ART's mode `L`) for images of one channel and in colour (mode `RGB`) for images
 * of three.
 *
 * Values become bytes by truncation, in all of the image. The trigger is pasted on nothing through
 * its own alpha (which squares the alpha), that is composited over the image, and image and
 * composite are blended, also by truncation. So a trigger of `blend` 0.8 leaves a fifth of what was
 * there, and a half-transparent one four fifths.
 *
 * A random place is decided by the seed and the image's index; ART draws from NumPy's global state.
 *
 * @param image What is laid on, at its size.
 * @throws {RangeError} If the blend is out of range, the image is none, or the place is none.
 */
export function createImageTrigger(
  image: TriggerImage,
  { blend = 0.8, place = { row: 0, column: 0 } }: ImageTriggerOptions = {},
): Trigger {
  if (!(blend > 0 && blend <= 1)) {
    throw new RangeError(
      `Cannot make trigger image: blend must be above 0 and up to 1, got ${blend}`,
    );
  }
  if (!("seed" in place) && !(isPlace(place.row) && isPlace(place.column))) {
    throw new RangeError(
      `Cannot make trigger image: row and column of its place must be integers from 0, got ` +
        `(${place.row}, ${place.column})`,
    );
  }
  const pasted = readTriggerImage(image);
  for (let i = 0; i < pasted.length; i++) {
    // Alpha last, for the others need it as it was.
    pasted[i] = divideBy255(pasted[i]! * (i % 4 === 3 ? pasted[i]! : pasted[i | 3]!));
  }
  // A float in Pillow.
  const share = Math.fround(blend);

  /** The top left pixel in an image of this shape. */
  function cornerIn([height, width]: ImageShape, index: number): Pixel {
    const [down, right] = [height - image.height, width - image.width];
    const { row, column } = "seed" in place
      ? drawPlace({ down: Math.max(0, down), right: Math.max(0, right) }, place.seed, index)
      : place;
    if (row > down || column > right) {
      throw new RangeError(
        `Cannot stamp trigger image: its ${image.height}×${image.width} pixels must lie within the ` +
          `image, got (${row}, ${column}) in ${height}×${width}; use a smaller size or another place`,
      );
    }
    return [row, column];
  }

  function pixels(shape: ImageShape, index = 0): readonly Pixel[] {
    const [top, left] = cornerIn(shape, index);
    const places: Pixel[] = [];
    for (let pixel = 0; pixel < image.height * image.width; pixel++) {
      if (pasted[pixel * 4 + 3] === 0) continue;
      places.push([top + Math.floor(pixel / image.width), left + pixel % image.width]);
    }
    return places;
  }

  /** Lays the image on one in place: bytes `(H, W, C)`. */
  function layOn(bytes: Uint8Array, shape: ImageShape, index: number): void {
    const [, width, channels] = shape;
    const [top, left] = cornerIn(shape, index);
    for (let row = 0; row < image.height; row++) {
      for (let column = 0; column < image.width; column++) {
        const from = (row * image.width + column) * 4;
        if (pasted[from + 3] === 0) continue;
        const to = ((top + row) * width + left + column) * channels;
        const colour = LUMA.map((_, i) => {
          const below = bytes[to + (channels === 1 ? 0 : i)]!;
          return blended(below, composited(below, pasted[from + i]!, pasted[from + 3]!), share);
        });
        if (channels === 1) bytes[to] = luma(colour);
        else bytes.set(colour, to);
      }
    }
  }

  function apply<T extends Images>(images: T, { indices }: ApplyOptions = {}): T {
    const shape = imageShape(images);
    const [height, width, channels] = shape;
    if (channels !== 1 && channels !== 3) {
      throw new RangeError(
        `Cannot stamp trigger image: the image must be grey or RGB, got ${channels} channels`,
      );
    }
    const size = height * width * channels;
    const bytes = Uint8Array.from(images.data, (value) => Math.fround(value * 255));
    for (let i = 0; i < bytes.length / size; i++) {
      layOn(bytes.subarray(i * size, (i + 1) * size), shape, indices?.[i] ?? i);
    }
    return { ...images, data: Float32Array.from(bytes, (byte) => byte / 255) };
  }

  return { manifest: { kind: "image", image, blend, place }, pixels, apply };
}

function isPlace(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function drawPlace(
  { down, right }: { down: number; right: number },
  seed: number,
  index: number,
): { row: number; column: number } {
  const random = createRandom(seed, `trigger place ${index}`);
  return { row: random.integer(down + 1), column: random.integer(right + 1) };
}

/** A byte over an opaque one. */
function composited(below: number, above: number, alpha: number): number {
  return divideBy255(((above - below) * alpha + 255 * below) << FINER, FINER);
}

function blended(first: number, second: number, share: number): number {
  // By itself where there is nothing to round, as in Pillow.
  if (share === 1) return second;
  return Math.trunc(Math.fround(first + Math.fround(share * (second - first))));
}

function luma(colour: readonly number[]): number {
  return LUMA.reduce((sum, weight, i) => sum + weight * colour[i]!, 0x8000) >> 16;
}
