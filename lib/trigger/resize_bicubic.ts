/**
 * Resizing of small RGBA images, value for value as Pillow's `Image.resize` does it by default (which
 * is how ART's `insert_image` fits a trigger): bicubic with a = -1/2, widened when shrinking, colours
 * weighted by alpha, columns first, then rows, each in 22-bit fixed point with rounding to bytes.
 *
 * @module
 */

import { divideBy255 } from "./divide_by_255.ts";

/** Bytes, `(H, W, 4)`: red, green, blue, alpha (not premultiplied). */
export interface RgbaImage {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** How far the filter reaches each way, in pixels of the coarser of both images. */
const SUPPORT = 2;

/** The fixed-point value of 1. */
const ONE = 2 ** 22;

/**
 * Resizes an image.
 *
 * @param image The image; left as it is.
 * @param size Height and width, integers from 1.
 * @returns A new image; the same one where it has that size already.
 */
export function resizeBicubic(
  image: RgbaImage,
  { height, width }: { height: number; width: number },
): RgbaImage {
  if (height === image.height && width === image.width) return image;
  const weighted = { ...image, data: premultiplied(image.data) };
  // Rows and columns change places in each pass, and so come back to theirs.
  const narrowed = resizeRows(weighted, width);
  const { data } = resizeRows(narrowed, height);
  return { height, width, data: unpremultiplied(data) };
}

/** The image resized along its rows, and transposed: `(H, W, 4)` to `(width, H, 4)`. */
function resizeRows({ height, width: before, data }: RgbaImage, width: number): RgbaImage {
  const windows = filterWindows(before, width);
  const resized = new Uint8Array(width * height * 4);
  windows.forEach(({ first, weights }, column) => {
    for (let row = 0; row < height; row++) {
      for (let channel = 0; channel < 4; channel++) {
        const start = (row * before + first) * 4 + channel;
        const sum = weights.reduce((sum, weight, i) => sum + weight * data[start + i * 4]!, 0);
        resized[(column * height + row) * 4 + channel] = clip(Math.floor(sum / ONE + 0.5));
      }
    }
  });
  return { height: width, width: height, data: resized };
}

/** The pixels that make up a new one, and how much of each, in fixed point. */
interface FilterWindow {
  readonly first: number;
  readonly weights: readonly number[];
}

function filterWindows(before: number, after: number): FilterWindow[] {
  const scale = before / after;
  const widening = Math.max(scale, 1);
  const reach = SUPPORT * widening;
  return Array.from({ length: after }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const end = Math.min(before, Math.trunc(center + reach + 0.5));
    const shares = Array.from(
      { length: end - first },
      (_, j) => bicubic((j + first - center + 0.5) * (1 / widening)),
    );
    const sum = shares.reduce((sum, share) => sum + share, 0);
    const weights = shares.map((share) => {
      const weight = share / sum * ONE;
      return Math.trunc(weight < 0 ? weight - 0.5 : weight + 0.5);
    });
    return { first, weights };
  });
}

/** Keys' cubic convolution with a = -1/2, multiplied out in Pillow's order. */
function bicubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}

function premultiplied(rgba: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    rgba,
    (value, i) => i % 4 === 3 ? value : divideBy255(value * rgba[i | 3]!),
  );
}

function unpremultiplied(rgba: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(rgba, (value, i) => {
    const alpha = rgba[i | 3]!;
    if (i % 4 === 3 || alpha === 0 || alpha === 255) return value;
    return clip(Math.trunc(255 * value / alpha));
  });
}

function clip(value: number): number {
  return Math.min(255, Math.max(0, value));
}
