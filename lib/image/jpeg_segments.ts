/**
 * The segments of a JPEG, from its start marker to its end marker.
 *
 * @module
 */

import { brokenImage, type ImageDecodeError } from "./errors.ts";

export const HUFFMAN_TABLES = 0xc4;
export const START_OF_SCAN = 0xda;
export const QUANTIZATION_TABLES = 0xdb;
export const RESTART_INTERVAL = 0xdd;
export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP14 = 0xee;

const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
const END_OF_IMAGE = 0xd9;
const NUMBER_OF_LINES = 0xdc;
const APP15 = 0xef;
const COMMENT = 0xfe;

/** Most segments: encoders write some dozens, with a thumbnail and profiles a hundred. */
const MAX_SEGMENTS = 10_000;

/** A marker and what belongs to it. */
export interface Segment {
  readonly marker: number;
  /** What stands behind marker and length. */
  readonly data: Uint8Array;
  /** Of a scan, what follows its header: Huffman codes, stuffed bytes, restart markers. */
  readonly codes: Uint8Array;
}

/**
 * Reads the segments of a JPEG, one after the other.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @throws {ImageDecodeError} If a segment is none, or reaches beyond the file; if no end marker comes.
 */
export function* readSegments(bytes: Uint8Array): Generator<Segment> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 2;
  let count = 0;
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
    if (++count > MAX_SEGMENTS) {
      throw broken(`it must have at most ${MAX_SEGMENTS} segments, got more`);
    }
    offset = marker === START_OF_SCAN ? endOfScan(bytes, end) : end;
    yield { marker, data: bytes.subarray(start, end), codes: bytes.subarray(end, offset) };
  }
  throw broken("it must end in an end marker, got the end of the file");
}

/** Where the next marker stands that is none of a scan's own: restarts, and bytes that are stuffed. */
function endOfScan(bytes: Uint8Array, start: number): number {
  const { length, byteOffset } = bytes;
  const shift = byteOffset & 3;
  const words = new Int32Array(bytes.buffer, byteOffset - shift, length + shift >> 2);
  for (let offset = start; offset < length; offset++) {
    if ((offset + shift & 3) === 0) {
      // Four bytes at a time; `indexOf` takes too long to call, should the file consist of 0xff.
      let at = offset + shift >> 2;
      while (at < words.length && !holdsOnes(words[at]!)) at++;
      offset = 4 * at - shift;
    }
    if (bytes[offset] !== 0xff) continue;
    const first = offset;
    while (offset < length && bytes[offset] === 0xff) offset++;
    const marker = offset < length ? bytes[offset]! : 0;
    if (marker !== 0 && !isRestart(marker)) return first;
  }
  return length;
}

/** Whether any of a word's four bytes is 0xff: only then is there a borrow out of its complement. */
function holdsOnes(word: number): boolean {
  const rest = ~word;
  return (rest - 0x01010101 & ~rest & 0x80808080) !== 0;
}

/** Whether a marker stands between two restart intervals of a scan. */
export function isRestart(marker: number): boolean {
  return marker >= FIRST_RESTART && marker <= LAST_RESTART;
}

/** SOF0 to SOF15; C4, C8 and CC among them are tables and extensions. */
export function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Frames, tables, scans, and what has no part in the pixels. */
function isSegment(marker: number): boolean {
  return isFrameHeader(marker) || marker >= APP0 && marker <= APP15 ||
    [HUFFMAN_TABLES, START_OF_SCAN, QUANTIZATION_TABLES, NUMBER_OF_LINES, RESTART_INTERVAL, COMMENT]
      .includes(marker);
}

/** Words the error of a JPEG that cannot be decoded; see `brokenImage`. */
export function broken(what: string): ImageDecodeError {
  return brokenImage("JPEG", what);
}
