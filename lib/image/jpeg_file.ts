/**
 * The container of a JPEG: its segments up to the end marker, checked before any decoding.
 *
 * @module
 */

import { type Orientation, readOrientation } from "./exif.ts";
import { type JpegComponent, type JpegFrame, readFrame } from "./jpeg_frame.ts";
import { checkScans, type JpegScan, MAX_SCANS, readScanHeader } from "./jpeg_scan_header.ts";
import {
  APP0,
  APP1,
  APP14,
  broken,
  HUFFMAN_TABLES,
  isFrameHeader,
  QUANTIZATION_TABLES,
  readSegments,
  RESTART_INTERVAL,
  START_OF_SCAN,
} from "./jpeg_segments.ts";
import { readHuffman, readQuantization, type Tables } from "./jpeg_tables.ts";

/** The parts of a JPEG that decide its pixels. */
export interface JpegFile {
  readonly frame: JpegFrame;
  /** The table of each component, row by row. */
  readonly quantization: readonly Int32Array[];
  readonly scans: readonly JpegScan[];
  /** How many blocks all scans pass over. */
  readonly blocks: number;
  readonly colour: JpegColour;
  readonly orientation: Orientation;
}

/** What the components mean. */
export type JpegColour = "grey" | "YCbCr" | "RGB" | "CMYK" | "YCCK";

/**
 * Reads the container of a JPEG. What hides in comments, thumbnails or behind the end is not in it.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @throws {ImageDecodeError} If it is broken, truncated, over `MAX_PIXELS`, of a coding other than
 * baseline or progressive Huffman with 8 bits, or asks for more passes than encoders do.
 */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  let frame: JpegFrame | undefined;
  let restartInterval = 0;
  let isJfif = false;
  let adobe: number | undefined;
  let exif: Uint8Array | undefined;
  const tables: Tables = { quantization: [], dc: [], ac: [] };
  const scans: JpegScan[] = [];
  const quantization: Int32Array[] = [];
  for (const { marker, data, codes } of readSegments(bytes)) {
    if (isFrameHeader(marker)) {
      if (frame) throw broken("it must have a single frame, got another");
      frame = readFrame(marker, data);
    } else if (marker === START_OF_SCAN) {
      if (!frame) throw broken("a frame header must come before the first scan, got none");
      const scan = { ...readScanHeader(data, frame, tables), restartInterval, codes };
      // A component's table is the one that holds at its first scan.
      for (const { index, component } of scan.components) {
        quantization[index] ??= quantizationOf(component, tables);
      }
      scans.push(scan);
      if (scans.length > MAX_SCANS) {
        throw broken(`it must have at most ${MAX_SCANS} scans, got ${scans.length} or more`);
      }
    } else if (marker === HUFFMAN_TABLES) {
      readHuffman(data, tables);
    } else if (marker === QUANTIZATION_TABLES) {
      readQuantization(data, tables);
    } else if (marker === RESTART_INTERVAL) {
      if (data.length !== 2) {
        throw broken(`a restart interval must have 2 bytes, got ${data.length}`);
      }
      restartInterval = data[0]! << 8 | data[1]!;
    } else {
      if (marker === APP0) isJfif ||= begins(data, "JFIF\0");
      if (marker === APP1 && begins(data, "Exif\0\0")) exif ??= data.subarray(6);
      if (marker === APP14 && begins(data, "Adobe\0") && data.length >= 12) adobe = data[11];
    }
  }
  if (!frame || scans.length === 0) {
    throw broken("it must have a frame header and a scan, got none");
  }
  return {
    frame,
    quantization,
    scans,
    blocks: checkScans(frame, scans),
    colour: colourOf(frame, { isJfif, adobe }),
    orientation: exif ? readOrientation(exif) : 1,
  };
}

function quantizationOf(component: JpegComponent, tables: Tables): Int32Array {
  const table = tables.quantization[component.quantization];
  if (table) return table;
  throw broken("the quantization tables of a scan must come before it, got none");
}

/** As libjpeg guesses it, and browsers with it (`default_decompress_parms` in `jdapimin.c`). */
function colourOf(
  { components }: JpegFrame,
  { isJfif, adobe }: { isJfif: boolean; adobe: number | undefined },
): JpegColour {
  if (components.length === 1) return "grey";
  if (components.length === 4) {
    if (adobe !== undefined) return adobe === 0 ? "CMYK" : "YCCK";
    throw broken("four components must be marked as Adobe's CMYK or YCCK, got no such marker");
  }
  if (isJfif) return "YCbCr";
  if (adobe !== undefined) return adobe === 0 ? "RGB" : "YCbCr";
  return String.fromCharCode(...components.map(({ id }) => id)) === "RGB" ? "RGB" : "YCbCr";
}

function begins(data: Uint8Array, text: string): boolean {
  return [...text].every((letter, i) => data[i] === letter.charCodeAt(0));
}
