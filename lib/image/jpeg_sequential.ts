/**
 * A scan that codes whole blocks: baseline and extended sequential JPEG.
 *
 * @module
 */

import { BitReader, peekBits } from "./jpeg_bits.ts";
import type { JpegFrame } from "./jpeg_frame.ts";
import {
  createHuffmanTable,
  extend,
  type HuffmanTable,
  lengthOf,
  longEntry,
  LOOKAHEAD,
  runOf,
  sizeOf,
  valueOf,
} from "./jpeg_huffman.ts";
import { inverseTransform } from "./jpeg_idct.ts";
import type { Plane } from "./jpeg_plane.ts";
import type { JpegScan } from "./jpeg_scan_header.ts";
import { broken } from "./jpeg_segments.ts";
import { ZIGZAG } from "./jpeg_tables.ts";
import { walkBlocks } from "./jpeg_walk.ts";

/**
 * Decodes a scan into the planes of its components.
 *
 * @param planes Of the frame's first components; what the scan has of others is passed over.
 * @throws {ImageDecodeError} If its data are broken.
 */
export function decodeSequentialScan(
  frame: JpegFrame,
  scan: JpegScan,
  planes: readonly Plane[],
): void {
  const reader = new BitReader(scan.codes);
  const parts = scan.components.map(({ index, dc, ac }) => ({
    plane: planes[index],
    dc: createHuffmanTable(dc, true),
    ac: createHuffmanTable(ac, false),
  }));
  const predictions = new Int32Array(parts.length);
  const block = new Int32Array(64);
  walkBlocks(frame, scan, reader, {
    visit(part, index) {
      const { plane, dc, ac } = parts[part]!;
      const difference = reader.readValue(reader.readEntry(dc));
      if (!plane) {
        readCoefficients(reader, ac, IGNORED, IGNORED);
        return;
      }
      const { quantization } = plane;
      // To 16 bits, which no lawful file leaves.
      const prediction = predictions[part]! + difference << 16 >> 16;
      predictions[part] = prediction;
      block[0] = Math.imul(prediction, quantization[0]!);
      const last = readCoefficients(reader, ac, block, quantization);
      inverseTransform(block, last, plane, index);
    },
    restart: () => predictions.fill(0),
  });
}

/** The block of a component that is passed over, and its table; never read. */
const IGNORED = new Int32Array(64);

/**
 * Reads all coefficients of a block but the first (ISO/IEC 10918-1, F.2.2.2).
 *
 * @param block All zero but for the first; the others come multiplied by the table of quantization.
 * @returns In zigzag order, the index of the last one that was read.
 */
function readCoefficients(
  reader: BitReader,
  table: HuffmanTable,
  block: Int32Array,
  quantization: Int32Array,
): number {
  const { bytes } = reader;
  const { lookup } = table;
  let { position } = reader;
  let index = 0;
  while (index < 63) {
    const bits = peekBits(bytes, position);
    let entry = lookup[bits >>> 32 - LOOKAHEAD]!;
    let value = valueOf(entry);
    if (value === 0) {
      if (entry === 0) entry = longEntry(table, bits >>> 16);
      const size = sizeOf(entry);
      if (size === 0) {
        position += lengthOf(entry);
        if (runOf(entry) < 15) break; // The rest of the block is zero.
        index += 16;
        continue;
      }
      value = extend(peekBits(bytes, position + lengthOf(entry)) >>> 32 - size, size);
      position += size;
    }
    position += lengthOf(entry);
    index += runOf(entry) + 1;
    if (index > 63) throw broken("its data must be whole, got a block of more than 64 values");
    const place = ZIGZAG[index]!;
    block[place] = Math.imul(value, quantization[place]!);
  }
  reader.position = position;
  return index;
}
