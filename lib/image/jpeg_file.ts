/**
 * The container of a JPEG: its segments up to the end marker, checked before any decoding.
 *
 * @module
 */

import { brokenImage, type ImageDecodeError } from "./errors.ts";
import { type Orientation, readOrientation } from "./exif.ts";
import { join } from "./join.ts";
import { checkSize } from "./limits.ts";

/** The parts of a JPEG that decide its pixels. */
export interface JpegFile {
  readonly width: number;
  readonly height: number;
  readonly colour: JpegColour;
  readonly orientation: Orientation;
  /**
   * The same image as a file of its frame, tables and scans alone, with Adobe's marker if there is
   * one. What hides in comments, thumbnails or behind the end is not in it.
   */
  readonly essence: Uint8Array<ArrayBuffer>;
}

/** What the components mean: four are CMYK or YCCK, as Adobe's marker says. */
export type JpegColour = "grey" | "YCbCr" | "RGB" | "four";

/**
 * Most scans: each one may cost a pass over all blocks for a few bytes of file. Encoders write up to
 * about a dozen.
 */
const MAX_SCANS = 32;

/** Frame headers that jpeg-js decodes: baseline, extended sequential and progressive, Huffman. */
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];

const HUFFMAN_TABLES = 0xc4;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const QUANTIZATION_TABLES = 0xdb;
const NUMBER_OF_LINES = 0xdc;
const RESTART_INTERVAL = 0xdd;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;

interface Frame {
  readonly width: number;
  readonly height: number;
  /** The components' identifiers. */
  readonly components: readonly number[];
}

interface Segment {
  readonly marker: number;
  /** What stands behind marker and length. */
  readonly data: Uint8Array;
  /** The whole segment; of a scan, its data too. */
  readonly whole: Uint8Array;
}

/**
 * Reads the container of a JPEG.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @throws {ImageDecodeError} If it is broken, truncated, over `MAX_PIXELS`, or of a coding other than
 * baseline or progressive Huffman with 8 bits.
 */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  let frame: Frame | undefined;
  let scans = 0;
  let isJfif = false;
  let adobe: number | undefined;
  let exif: Uint8Array | undefined;
  const kept: Uint8Array[] = [Uint8Array.of(0xff, 0xd8)];
  for (const { marker, data, whole } of readSegments(bytes)) {
    if (isFrameHeader(marker)) {
      if (frame) throw broken("it must have a single frame, got another");
      frame = readFrame(marker, data);
    } else if (marker === START_OF_SCAN) {
      scans++;
      if (!frame) throw broken("a frame header must come before the first scan, got none");
      checkScan(data, frame);
    } else if (marker === HUFFMAN_TABLES) {
      checkTables(data, huffmanTableLength);
    } else if (marker === QUANTIZATION_TABLES) {
      checkTables(data, ([kind = 0]) => kind < 16 ? 65 : 129);
    } else if (marker === RESTART_INTERVAL) {
      if (data.length !== 2) {
        throw broken(`a restart interval must have 2 bytes, got ${data.length}`);
      }
    } else {
      if (marker === APP0) isJfif ||= begins(data, "JFIF\0");
      if (marker === APP1 && begins(data, "Exif\0\0")) exif ??= data.subarray(6);
      if (marker !== APP14 || !begins(data, "Adobe\0") || data.length < 12) continue;
      adobe = data[11];
    }
    kept.push(whole);
  }
  if (!frame || scans === 0) throw broken("it must have a frame header and a scan, got none");
  if (scans > MAX_SCANS) throw broken(`it must have at most ${MAX_SCANS} scans, got ${scans}`);
  kept.push(Uint8Array.of(0xff, END_OF_IMAGE));
  return {
    width: frame.width,
    height: frame.height,
    colour: colourOf(frame.components, { isJfif, adobe }),
    orientation: exif ? readOrientation(exif) : 1,
    essence: join(kept),
  };
}

function* readSegments(bytes: Uint8Array): Generator<Segment> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 2;
  while (offset + 2 <= bytes.length) {
    const marker = bytes[offset + 1]!;
    if (bytes[offset] !== 0xff) throw broken("segments must begin with a marker, got none");
    if (marker === 0xff) { // Before a marker there may be fill bytes.
      offset++;
      continue;
    }
    if (marker === END_OF_IMAGE) return;
    if (!isSegment(marker)) {
      throw broken(`markers must be of a JPEG's segments, got ff${marker.toString(16)}`);
    }
    if (offset + 4 > bytes.length) break;
    const start = offset + 4;
    const end = offset + 2 + view.getUint16(offset + 2);
    if (end < start || end > bytes.length) {
      throw broken("its segments must lie within the file, got one that does not");
    }
    const next = marker === START_OF_SCAN ? endOfScan(bytes, end) : end;
    yield { marker, data: bytes.subarray(start, end), whole: bytes.subarray(offset, next) };
    offset = next;
  }
  throw broken("it must end in an end marker, got the end of the file");
}

/** Where the next marker stands that is none of a scan's own: restarts, and bytes that are stuffed. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let offset = bytes.indexOf(0xff, start);
  while (offset !== -1) {
    const marker = bytes[offset + 1] ?? 0;
    if (marker !== 0 && !(marker >= 0xd0 && marker <= 0xd7)) return offset;
    offset = bytes.indexOf(0xff, offset + 2);
  }
  return bytes.length;
}

/** Frames, tables, scans, and what has no part in the pixels. */
function isSegment(marker: number): boolean {
  return isFrameHeader(marker) || marker >= APP0 && marker <= APP15 ||
    [HUFFMAN_TABLES, START_OF_SCAN, QUANTIZATION_TABLES, NUMBER_OF_LINES, RESTART_INTERVAL, COMMENT]
      .includes(marker);
}

/** SOF0 to SOF15; C4, C8 and CC among them are tables and extensions. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(marker: number, data: Uint8Array): Frame {
  if (!DECODED_FRAMES.includes(marker)) {
    throw broken("its coding must be baseline or progressive Huffman, got another");
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const count = data[5] ?? 0;
  if (count !== 1 && count !== 3 && count !== 4) {
    throw broken(`it must have 1, 3 or 4 components, got ${count}`);
  }
  if (data.length !== 6 + 3 * count) {
    throw broken(
      `a frame of ${count} components must have ${6 + 3 * count} bytes, got ${data.length}`,
    );
  }
  if (data[0] !== 8) throw broken(`samples must have 8 bits, got ${data[0]}`);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  checkSize("JPEG", { width, height });
  const components = Array.from({ length: count }, (_, i) => data[6 + 3 * i]!);
  if (new Set(components).size !== count) {
    throw broken(`components must have names of their own, got ${components}`);
  }
  return { width, height, components };
}

/** A scan is decoded as its header says: a false one would cost minutes, or write beyond a block. */
function checkScan(data: Uint8Array, frame: Frame): void {
  const count = data[0] ?? 0;
  if (count < 1 || count > 4 || data.length !== 4 + 2 * count) {
    throw broken(
      `a scan's header must have 1 to 4 components and 2 bytes for each, got ${count} in ` +
        `${data.length} bytes`,
    );
  }
  const components = Array.from({ length: count }, (_, i) => data[1 + 2 * i]!);
  const isKnown = components.every((component) => frame.components.includes(component));
  if (!isKnown || new Set(components).size !== count) {
    throw broken(`a scan's components must be ones of the frame, each once, got ${components}`);
  }
  const [first = 0, last = 0] = data.subarray(1 + 2 * count);
  if (first > last || last > 63) {
    throw broken(`a scan's coefficients must lie within 0 to 63, got ${first} to ${last}`);
  }
}

/** Tables that do not end with their segment would have the decoder read on in the next one. */
function checkTables(data: Uint8Array, lengthOf: (table: Uint8Array) => number): void {
  let offset = 0;
  while (offset < data.length) offset += lengthOf(data.subarray(offset));
  if (offset !== data.length) {
    throw broken(`tables must fill their segment, got ${offset} bytes in ${data.length}`);
  }
}

/** Its number, how many codes there are of each length from 1 to 16, and what they stand for. */
function huffmanTableLength(table: Uint8Array): number {
  return table.subarray(1, 17).reduce((length, codes) => length + codes, 17);
}

/** As libjpeg guesses it, and browsers with it (`default_decompress_parms` in `jdapimin.c`). */
function colourOf(
  components: readonly number[],
  { isJfif, adobe }: { isJfif: boolean; adobe: number | undefined },
): JpegColour {
  if (components.length === 1) return "grey";
  if (components.length === 4) {
    if (adobe !== undefined) return "four";
    throw broken("four components must be marked as Adobe's CMYK or YCCK, got no such marker");
  }
  if (isJfif) return "YCbCr";
  if (adobe !== undefined) return adobe === 0 ? "RGB" : "YCbCr";
  return String.fromCharCode(...components) === "RGB" ? "RGB" : "YCbCr";
}

function begins(data: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => data[i] === letter.charCodeAt(0));
}

function broken(what: string): ImageDecodeError {
  return brokenImage("JPEG", what);
}
