/**
 * What the page does with a file before it is sent.
 *
 * @module
 */

import { contextOf, toBlob } from "./canvas.ts";
import { hasLightBorder } from "./light_border.ts";

/** The server's limit on a body, bytes. */
const MAX_BYTES = 1 << 20;

/** The server's limit on a decoded image, pixels. */
const MAX_PIXELS = 4_000_000;

/** Longest side of an image that had to be shrunk, pixels. */
const SHRUNK_SIDE = 1024;

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
    const light = hasLightBorder(small.getImageData(0, 0, MEASURED_SIDE, MEASURED_SIDE));
    const { width, height } = bitmap;
    if (file.size <= MAX_BYTES && width * height <= MAX_PIXELS) {
      return { blob: file, light, shrunk: false };
    }
    const scale = Math.min(1, SHRUNK_SIDE / Math.max(width, height));
    const { canvas } = draw(
      bitmap,
      Math.max(1, Math.round(width * scale)),
      Math.max(1, Math.round(height * scale)),
    );
    return { blob: await toBlob(canvas, "image/jpeg"), light, shrunk: true };
  } finally {
    bitmap.close();
  }
}

/** The image in a file, or `null` where the browser finds none. */
async function decode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file);
  } catch (error) {
    if (error instanceof DOMException && error.name === "InvalidStateError") return null;
    throw error;
  }
}

/** A copy of an image in another size, over black. */
function draw(bitmap: ImageBitmap, width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = contextOf(canvas);
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return context;
}
