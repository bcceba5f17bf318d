/**
 * What the page does with a file before it is sent.
 *
 * @module
 */

import { chooseGround } from "../../lib/image/ground.ts";
import { MAX_BYTES, MAX_PIXELS } from "../../lib/image/limits.ts";
import { contextOf, toBlob } from "./canvas.ts";
import { hasLightBorder } from "./light_border.ts";

/** Longest side of an image that had to be shrunk, pixels; it goes as JPEG. */
const SHRUNK_SIDE = 1024;

/** The same of one with transparent pixels; it goes as PNG, of at most 1 MB so. */
const TRANSPARENT_SIDE = 500;

/** Side of the copy on which the border is measured, pixels. */
const MEASURED_SIDE = 32;

/** A file ready to send. */
export interface PreparedUpload {
  readonly blob: Blob;
  /** Whether it looks like dark ink on light paper. */
  readonly light: boolean;
  /** Whether `blob` is a smaller copy, because the file is beyond the server's limits. */
  readonly shrunk: boolean;
}

/**
 * Measures the background and shrinks what the server would refuse for its size, such as a phone's
 * photographs. All else goes as it is; so does a file that the browser cannot read, for the server
 * says best what is wrong with it.
 */
export async function prepareUpload(file: Blob): Promise<PreparedUpload> {
  const bitmap = await decode(file);
  if (bitmap === null) return { blob: file, light: false, shrunk: false };
  try {
    const small = draw(bitmap, MEASURED_SIDE, MEASURED_SIDE);
    const { data } = small.getImageData(0, 0, MEASURED_SIDE, MEASURED_SIDE);
    const pixels = { data, width: MEASURED_SIDE, height: MEASURED_SIDE };
    const ground = chooseGround({ data, channels: 4, maximum: 255 }, 1);
    const light = hasLightBorder(pixels, ground);
    const { width, height } = bitmap;
    if (file.size <= MAX_BYTES && width * height <= MAX_PIXELS) {
      return { blob: file, light, shrunk: false };
    }
    const isTransparent = data.some((sample, i) => i % 4 === 3 && sample < 255);
    const side = isTransparent ? TRANSPARENT_SIDE : SHRUNK_SIDE;
    const scale = Math.min(1, side / Math.max(width, height));
    const { canvas } = draw(
      bitmap,
      Math.max(1, Math.round(width * scale)),
      Math.max(1, Math.round(height * scale)),
    );
    const blob = await toBlob(canvas, isTransparent ? "image/png" : "image/jpeg");
    return { blob, light, shrunk: true };
  } finally {
    bitmap.close();
  }
}

/** The image in a file, upright as the server decodes it, or `null` if the browser finds none. */
async function decode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError") return null;
    throw error;
  }
}

/** A copy of an image in another size. */
function draw(bitmap: ImageBitmap, width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return context;
}
