/**
 * From a decoded image to what a model sees.
 *
 * @module
 */

import type { Image, ImageShape } from "../core/types.ts";
import { averageAxis } from "./area_average.ts";
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
 * 3. to the model's channels: colour to grey by luma (BT.601, on the samples as they are), grey to
 *    colour by repetition;
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
  const values = toChannels(raster, channels);
  if (invert) values.forEach((value, i) => values[i] = 1 - value);

  const scale = Math.min(height / raster.height, width / raster.width);
  const fittedHeight = Math.max(1, Math.round(raster.height * scale));
  const fittedWidth = Math.max(1, Math.round(raster.width * scale));
  const rows = { outer: raster.height, length: raster.width, inner: channels };
  const narrowed = averageAxis(values, rows, fittedWidth);
  const columns = { outer: 1, length: raster.height, inner: fittedWidth * channels };
  const fitted = averageAxis(narrowed, columns, fittedHeight);

  const data = new Float32Array(height * width * channels);
  const top = Math.floor((height - fittedHeight) / 2);
  const left = Math.floor((width - fittedWidth) / 2);
  const rowLength = fittedWidth * channels;
  for (let row = 0; row < fittedHeight; row++) {
    data.set(
      fitted.subarray(row * rowLength, (row + 1) * rowLength),
      ((top + row) * width + left) * channels,
    );
  }
  return { data, shape };
}

/** Steps 1 to 3. */
function toChannels(raster: Raster, channels: 1 | 3): Float32Array {
  const { data, maximum } = raster;
  const hasAlpha = raster.channels === 2 || raster.channels === 4;
  const hasColour = raster.channels >= 3;
  const ground = chooseGround(raster, channels);
  const pixels = raster.width * raster.height;
  const values = new Float32Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const start = pixel * raster.channels;
    const alpha = hasAlpha ? data[start + raster.channels - 1]! / maximum : 1;
    const sample = (channel: number) =>
      data[start + channel]! / maximum * alpha + ground * (1 - alpha);
    if (channels === 3) {
      for (let c = 0; c < 3; c++) values[pixel * 3 + c] = sample(hasColour ? c : 0);
    } else {
      values[pixel] = hasColour
        ? LUMA[0] * sample(0) + LUMA[1] * sample(1) + LUMA[2] * sample(2)
        : sample(0);
    }
  }
  if (hasAlpha && isUniform(values, channels) && !isUniform(data, raster.channels)) {
    throw new ImageDecodeError(
      `Cannot see the image: over ${ground === 0 ? "black" : "white"} it must have more than one ` +
        "colour, got one, for its transparency hides the rest; save it without transparency",
    );
  }
  return values;
}

/** Whether all pixels are alike. */
function isUniform(samples: ArrayLike<number>, channels: number): boolean {
  for (let i = channels; i < samples.length; i++) {
    if (samples[i] !== samples[i % channels]) return false;
  }
  return true;
}
