/**
 * JPEG to samples: jpeg-js behind a check of the frame header and of the work that is asked for.
 *
 * @module
 */

import { decode } from "jpeg-js";
import { brokenImage, type ImageDecodeError } from "./errors.ts";
import { checkSize, MAX_PIXELS } from "./limits.ts";
import type { Raster } from "./raster.ts";

/**
 * What jpeg-js may allocate, in MB by its own count: 4 megapixels in four components take 112.
 */
const MAX_MEMORY_MB = 128;

/**
 * Most scans: each one may cost a pass over all blocks for a few bytes of file. Encoders write up to
 * about a dozen.
 */
const MAX_SCANS = 32;

/** Frame headers that jpeg-js decodes: baseline, extended sequential and progressive, Huffman. */
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];

const START_OF_SCAN = 0xda;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
}

/**
 * Decodes a baseline or progressive JPEG of 8 bits: to one channel if it is grey, else to RGB.
 *
 * The orientation in its Exif data is ignored.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @throws {ImageDecodeError} If it is broken, truncated, over `MAX_PIXELS` or of another coding.
 */
export function decodeJpeg(bytes: Uint8Array): Raster {
  const { width, height, components } = readFrame(bytes);
  const scans = countScans(bytes);
  if (scans > MAX_SCANS) {
    throw broken(`it must have at most ${MAX_SCANS} scans, got ${scans}`);
  }
  const decoded = decodeFrame(bytes);
  if (decoded.width !== width || decoded.height !== height) {
    throw broken(
      `it must have one size, got ${width}×${height} and ${decoded.width}×${decoded.height}`,
    );
  }
  if (components !== 1) return { width, height, channels: 3, data: decoded.data, maximum: 255 };
  // jpeg-js repeats grey three times.
  const data = new Uint8Array(width * height).map((_, pixel) => decoded.data[3 * pixel]!);
  return { width, height, channels: 1, data, maximum: 255 };
}

function decodeFrame(bytes: Uint8Array) {
  try {
    return decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      // Tolerates only blocks beyond the frame, which it makes up itself at the last restart interval
      // of a grey image. Missing data is an error all the same.
      tolerantDecoding: true,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_MEMORY_MB,
    });
  } catch (cause) {
    // On broken data jpeg-js throws whatever it runs into, TypeErrors included.
    throw broken(
      `its data must be whole, got "${cause instanceof Error ? cause.message : cause}"`,
      { cause },
    );
  }
}

/** Walks the segments up to the frame header. */
function readFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 2;
  while (offset + 4 <= bytes.length) {
    if (bytes[offset] !== 0xff) throw broken("segments must begin with a marker, got none");
    const marker = view.getUint8(offset + 1);
    const length = view.getUint16(offset + 2);
    if (marker === 0xff) {
      offset += 1;
    } else if (isFrameHeader(marker)) {
      if (!DECODED_FRAMES.includes(marker)) {
        throw broken("its coding must be baseline or progressive Huffman, got another");
      }
      if (offset + 10 > bytes.length) break;
      return checkFrame(view, offset + 4);
    } else if (marker === START_OF_SCAN) {
      throw broken("a frame header must come before the first scan, got none");
    } else {
      offset += 2 + length;
    }
  }
  throw broken("it must have a frame header, got the end of the file");
}

function checkFrame(view: DataView, offset: number): Frame {
  const precision = view.getUint8(offset);
  const height = view.getUint16(offset + 1);
  const width = view.getUint16(offset + 3);
  const components = view.getUint8(offset + 5);
  if (precision !== 8) throw broken(`samples must have 8 bits, got ${precision}`);
  checkSize("JPEG", { width, height });
  if (components !== 1 && components !== 3 && components !== 4) {
    throw broken(`it must have 1, 3 or 4 components, got ${components}`);
  }
  return { width, height, components };
}

/** SOF0 to SOF15; C4, C8 and CC among them are tables and extensions. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Counts the markers wherever they stand, for broken segments may hide scans from a parser. */
function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let i = 1; i < bytes.length; i++) {
    if (bytes[i] === START_OF_SCAN && bytes[i - 1] === 0xff) scans++;
  }
  return scans;
}

function broken(what: string, options?: ErrorOptions): ImageDecodeError {
  return brokenImage("JPEG", what, options);
}
