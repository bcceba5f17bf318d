/**
 * Resizing of small RGBA images, value for value as Pillow's `Image.resize` does it by default (which
 * is how ART's `insert_image` fits a trigger): bicubic with a = -1/2, widened when shrinking, colours
 * weighted by alpha, one axis after the other, each in 22-bit fixed point with rounding to bytes.
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
  const shrinks = { rows: image.height - height, columns: image.width - width };
  // Which comes first shows in the rounding between them; this is Pillow 13's choice.
  const { data } = shrinks.rows > Math.max(0, 2 * shrinks.columns)
    ? resizeAlong(resizeAlong(weighted, "height", height), "width", width)
    : resizeAlong(resizeAlong(weighted, "width", width), "height", height);
  return { height, width, data: unpremultiplied(data) };
}

/** The image resized along one axis. */
function resizeAlong(image: RgbaImage, axis: "height" | "width", length: number): RgbaImage {
  if (image[axis] === length) return image;
  const height = axis === "height" ? length : image.height;
  const width = axis === "width" ? length : image.width;
  const windows = filterWindows(image[axis], length);
  const step = 4 * (axis === "width" ? 1 : image.width);
  const data = new Uint8Array(height * width * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const { first, weights } = windows[axis === "width" ? column : row]!;
      const pixel = axis === "width" ? row * image.width + first : first * image.width + column;
      for (let channel = 0; channel < 4; channel++) {
        const start = pixel * 4 + channel;
        const sum = weights.reduce(
          (sum, weight, i) => sum + weight * image.data[start + i * step]!,
          0,
        );
        data[(row * width + column) * 4 + channel] = clip(Math.floor(sum / ONE + 0.5));
      }
    }
  }
  return { height, width, data };
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
