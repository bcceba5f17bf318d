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
 * Decodes an image and fits it to models, on the thread that calls. Each sees what it would see alone:
 * one in grey a JPEG's own luma, be there others in colour or not.
 *
 * @param bytes A PNG or a JPEG.
 * @param inputs What the models take.
 * @returns An image for each input, in their order, values in 0–1.
 * @throws {ImageTypeError} If the bytes are of no accepted type.
 * @throws {ImageDecodeError} If the image is broken or too large.
 */
export function fitImage(bytes: Uint8Array, inputs: readonly ModelInput[]): Image[] {
  const greys = inputs.filter(isGrey).length;
  const grey = decodeImage(bytes, { luma: greys > 0 });
  const isMixed = greys > 0 && greys < inputs.length;
  const colour = isMixed && grey.channels === 1 ? decodeImage(bytes) : grey;
  return inputs.map((input) =>
    toModelInput(isGrey(input) ? grey : colour, input.shape, { invert: input.invert ?? false })
  );
}

function isGrey({ shape }: ModelInput): boolean {
  return shape[2] === 1;
}
