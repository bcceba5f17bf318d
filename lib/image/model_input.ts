/**
 * From a decoded image to what a model sees.
 *
 * @module
 */

import type { Image, ImageShape } from "../core/types.ts";
import { sumAreas } from "./area_average.ts";
import { ImageDecodeError } from "./errors.ts";
import { chooseGround, LUMA } from "./ground.ts";
import type { Raster } from "./raster.ts";

/** How `toModelInput` treats an image. */
export interface ModelInputOptions {
  /** Turns light into dark: for dark ink on light paper. Default `false`. */
  readonly invert?: boolean;
}

/**
 * Makes a model's input of an image. In this order:
 *
 * 1. samples to 0–1;
 * 2. alpha over black, or over white if over black next to nothing would show (`chooseGround`);
 * 3. to the model's channels: colour to grey by luma (BT.601, on the samples as they are; of a JPEG,
 *    `decodeImage` gives the luma that it holds), grey to colour by repetition;
 * 4. with `invert`, 1 − value;
 * 5. fitted to the model's size by area averaging, aspect ratio kept, smaller images enlarged;
 * 6. centred on black, half a pixel towards the top left where it cannot be.
 *
 * An image that has the model's size and channels, and no transparent pixel, passes value for value.
 * Dark ink on a transparent page comes out as dark ink on white, and with `invert` as light ink on
 * black.
 *
 * @param raster The decoded image.
 * @param shape The model's input shape, of 1 or 3 channels.
 * @returns `shape`, values in 0–1.
 * @throws {RangeError} If the shape has other than 1 or 3 channels.
 * @throws {ImageDecodeError} If step 2 leaves one colour of an image that had more.
 *
 * @example
 * ```ts
 * import { toModelInput } from "./model_input.ts";
 * import assert from "node:assert/strict";
 *
 * const data = new Uint8Array([255, 255, 0, 0]);
 * const raster = { width: 4, height: 1, channels: 1, data, maximum: 255 } as const;
 * assert.deepEqual([...toModelInput(raster, [2, 2, 1]).data], [1, 0, 0, 0]);
 * ```
 */
export function toModelInput(
  raster: Raster,
  shape: ImageShape,
  { invert = false }: ModelInputOptions = {},
): Image {
  const [height, width, channels] = shape;
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(
      `Cannot make a model's input: shape must have 1 or 3 channels, got ${channels}`,
    );
  }
  const scale = Math.min(height / raster.height, width / raster.width);
  const fitted = {
    height: Math.max(1, Math.round(raster.height * scale)),
    width: Math.max(1, Math.round(raster.width * scale)),
  };
  const values = toValues(raster, channels, fitted);
  if (invert) values.forEach((value, i) => values[i] = 1 - value);
  if (fitted.height === height && fitted.width === width) return { data: values, shape };

  const data = new Float32Array(height * width * channels);
  const top = Math.floor((height - fitted.height) / 2);
  const left = Math.floor((width - fitted.width) / 2);
  const rowLength = fitted.width * channels;
  for (let row = 0; row < fitted.height; row++) {
    data.set(
      values.subarray(row * rowLength, (row + 1) * rowLength),
      ((top + row) * width + left) * channels,
    );
  }
  return { data, shape };
}

/**
 * Steps 1 to 3, and 5 before them: what they do is linear, so that it may be done to the few averages
 * in place of all pixels.
 */
function toValues(
  raster: Raster,
  channels: 1 | 3,
  size: { readonly width: number; readonly height: number },
): Float32Array {
  const { channels: samples, maximum } = raster;
  const hasAlpha = samples === 2 || samples === 4;
  const ground = chooseGround(raster, channels);
  const sums = sumAreas(raster, size);
  // Of whole numbers: if nothing is averaged, a division alone rounds, as that of a sample does.
  const full = raster.width * raster.height * maximum;
  const fullColour = hasAlpha ? full * maximum : full;
  const [green, blue] = samples >= 3 ? [1, 2] : [0, 0];
  const values = new Float32Array(size.width * size.height * channels);
  for (let from = 0, to = 0; from < sums.length; from += samples, to += channels) {
    const behind = hasAlpha ? ground * (1 - sums[from + samples - 1]! / full) : 0;
    const r = sums[from]! / fullColour + behind;
    const g = sums[from + green]! / fullColour + behind;
    const b = sums[from + blue]! / fullColour + behind;
    if (channels === 3) {
      values[to] = r;
      values[to + 1] = g;
      values[to + 2] = b;
    } else {
      values[to] = samples >= 3 ? LUMA[0] * r + LUMA[1] * g + LUMA[2] * b : r;
    }
  }
  if (hasAlpha && isFlat(values, channels) && isHidden(raster, channels, ground)) {
    throw new ImageDecodeError(
      `Cannot see the image: over ${ground === 0 ? "black" : "white"} it must have more than one ` +
        "colour, got one, for its transparency hides the rest; save it without transparency",
    );
  }
  return values;
}

/** Whether all pixels hardly differ. */
function isFlat(values: Float32Array, channels: number): boolean {
  return values.every((value, i) => Math.abs(value - values[i % channels]!) < 1e-3);
}

/** Whether an image with alpha has one colour over its ground, although its pixels differ. */
function isHidden(raster: Raster, channels: 1 | 3, ground: 0 | 1): boolean {
  const { channels: samples, data, maximum } = raster;
  const green = samples === 4 ? 1 : 0;
  const blue = samples === 4 ? 2 : 0;
  // Of the first pixel; grey if the model is.
  let [red0, green0, blue0] = [0, 0, 0];
  let isAlike = true;
  for (let i = 0; i < data.length; i += samples) {
    const alpha = data[i + samples - 1]! / maximum;
    const behind = ground * (1 - alpha);
    let r = data[i]! / maximum * alpha + behind;
    let g = data[i + green]! / maximum * alpha + behind;
    let b = data[i + blue]! / maximum * alpha + behind;
    if (channels === 1) r = g = b = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
    r = Math.fround(r);
    g = Math.fround(g);
    b = Math.fround(b);
    if (i === 0) [red0, green0, blue0] = [r, g, b];
    else if (r !== red0 || g !== green0 || b !== blue0) return false;
    if (isAlike) {
      for (let s = 0; s < samples; s++) if (data[i + s] !== data[s]) isAlike = false;
    }
  }
  return !isAlike;
}
