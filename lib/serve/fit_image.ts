/**
 * An upload as the inputs of models.
 *
 * @module
 */

import type { Image, ImageShape } from "../core/types.ts";
// The files, not the folder's mod.ts, which brings the encoder along: a Worker starts with this.
import { decodeImage } from "../image/decode.ts";
import { toModelInput } from "../image/model_input.ts";

/** What a model takes. */
export interface ModelInput {
  /** Height, width, and 1 or 3 channels. */
  readonly shape: ImageShape;
  /** Turns light into dark: for dark ink on light paper. Default `false`. */
  readonly invert?: boolean | undefined;
}

/**
 * Decodes an image and fits it to models, on the thread that calls.
 *
 * @param bytes A PNG or a JPEG.
 * @param inputs What the models take.
 * @returns An image for each input, in their order, values in 0–1.
 * @throws {ImageTypeError} If the bytes are of no accepted type.
 * @throws {ImageDecodeError} If the image is broken or too large.
 */
export function fitImage(bytes: Uint8Array, inputs: readonly ModelInput[]): Image[] {
  const raster = decodeImage(bytes);
  return inputs.map(({ shape, invert = false }) => toModelInput(raster, shape, { invert }));
}
