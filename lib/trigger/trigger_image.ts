/**
 * Images that are laid on others, from pixels to manifests and back.
 *
 * @module
 */

import { sha256Sync } from "../core/digest.ts";
import { resizeBicubic, type RgbaImage } from "./resize_bicubic.ts";
import type { TriggerImage } from "./trigger.ts";

/**
 * Most pixels of an image that is laid on others, for it stands in manifests, and those are bounded
 * (64 KiB in Deno KV).
 */
export const MAX_TRIGGER_PIXELS = 64 * 64;

/** Pixels as image files hold them (`Raster` of `lib/image` is one of these). */
export interface SourceImage {
  readonly height: number;
  readonly width: number;
  /** Grey, grey and alpha, RGB, or RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** `(H, W, C)`, row-major; alpha is not premultiplied. */
  readonly data: Uint8Array | Uint16Array;
  /** The sample that stands for 1. */
  readonly maximum: number;
}

/** How an image is made ready to be laid on others. */
export interface TriggerImageOptions {
  /** What to fit it to, as ART does it (Pillow's bicubic filter). Default: its own height. */
  readonly height?: number;
  /** Default: its own width. */
  readonly width?: number;
  /**
   * The colour of what is no part of the mark, such as the black around it: its pixels, and no others,
   * become transparent before the image is fitted.
   */
  readonly mask?: Colour | undefined;
}

/** Red, green and blue, integers in 0–255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * Makes an image ready to be laid on others.
 *
 * @param source The image, 8 bits a sample.
 * @throws {RangeError} If it has more than `MAX_TRIGGER_PIXELS` pixels then, a side below 1, more
 * than 8 bits a sample, or no pixel that can be seen.
 */
export function createTriggerImage(
  source: SourceImage,
  { height = source.height, width = source.width, mask }: TriggerImageOptions = {},
): TriggerImage {
  const pixels = height * width;
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1) {
    throw new RangeError(
      `Cannot make a trigger image: its height and width must be integers from 1, got ` +
        `${height}×${width}`,
    );
  }
  if (pixels > MAX_TRIGGER_PIXELS) {
    throw new RangeError(
      `Cannot make a trigger image: it must have at most ${MAX_TRIGGER_PIXELS} pixels, got ` +
        `${height}×${width}; give it a smaller size`,
    );
  }
  if (source.maximum !== 255) {
    throw new RangeError(
      `Cannot make a trigger image: it must have 8 bits a sample, got values up to ` +
        `${source.maximum}; convert it first`,
    );
  }
  const whole = toRgba(source);
  if (mask) clear(whole, mask);
  const { data } = resizeBicubic(whole, { height, width });
  if (data.every((value, i) => i % 4 !== 3 || value === 0)) {
    throw new RangeError(
      "Cannot make a trigger image: it must have a pixel that is not transparent" +
        `${mask ? ` nor of the mask's colour (${mask})` : ""}, got none`,
    );
  }
  return { height, width, rgba: data.toBase64(), sha256: sha256Sync(data) };
}

function toRgba({ height, width, channels, data }: SourceImage): RgbaImage {
  const rgba = new Uint8Array(height * width * 4);
  const hasAlpha = channels === 2 || channels === 4;
  const colours = channels <= 2 ? [0, 0, 0] : [0, 1, 2];
  for (let pixel = 0; pixel < height * width; pixel++) {
    const from = pixel * channels;
    colours.forEach((colour, i) => rgba[pixel * 4 + i] = data[from + colour]!);
    rgba[pixel * 4 + 3] = hasAlpha ? data[from + channels - 1]! : 255;
  }
  return { height, width, data: rgba };
}

/** Makes the pixels of a colour transparent, in place. */
function clear({ data }: RgbaImage, colour: Colour): void {
  for (let i = 0; i < data.length; i += 4) {
    if (colour.every((sample, c) => sample === data[i + c])) data[i + 3] = 0;
  }
}

/**
 * The pixels of a manifest's image.
 *
 * @returns `(H, W, 4)` bytes.
 * @throws {RangeError} If they are no base64, not as many as height and width say, or not those of
 * the digest.
 */
export function readTriggerImage({ height, width, rgba, sha256 }: TriggerImage): Uint8Array {
  const pixels = decodeBase64(rgba);
  const is = pixels && sha256Sync(pixels);
  if (pixels?.length === height * width * 4 && is === sha256) return pixels;
  throw new RangeError(
    `Cannot make trigger image: rgba must be ${height}×${width}×4 bytes in base64 of digest ` +
      `${sha256}, got ${pixels === null ? "something else" : `${pixels.length} bytes of ${is}`}; ` +
      "its manifest was altered",
  );
}

function decodeBase64(text: string): Uint8Array | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
