/**
 * A scan that codes whole blocks: baseline and extended sequential JPEG.
 *
 * @module
 */

import { type ImageMemory, withImageMemory } from "./image_memory.ts";
import { BlockRows } from "./jpeg_block_rows.ts";
import { brokenScan } from "./jpeg_faults.ts";
import type { JpegFrame } from "./jpeg_frame.ts";
import { createHuffmanTable } from "./jpeg_huffman.ts";
import type { Plane } from "./jpeg_plane.ts";
import type { JpegScan } from "./jpeg_scan_header.ts";
import type { HuffmanCodes } from "./jpeg_tables.ts";

/** Bytes that the module may need behind those of an interval. */
const ROOM = 512;

/** Bytes that it may read behind the codes. */
const VECTOR = 16;

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
  const [single] = scan.components;
  // Of one component, a unit is a block, and none is beyond the image (ISO/IEC 10918-1, A.2.2).
  const isSingle = scan.components.length === 1;
  const unitRows = isSingle ? single!.component.blockRows : frame.unitRows;
  const unitColumns = isSingle ? single!.component.blockColumns : frame.unitColumns;
  withImageMemory((memory) => {
    const parts = scan.components.map(({ index, component, dc, ac }) => {
      const across = isSingle ? 1 : component.horizontal;
      const down = isSingle ? 1 : component.vertical;
      const columns = unitColumns * across;
      return {
        ...{ across, down, columns },
        blocks: new BlockRows(memory, planes[index], { rows: down, columns }),
        dc: writeTable(memory, dc, true),
        ac: writeTable(memory, ac, false),
      };
    });
    // The fields of `assembly/scan.ts`, those of `assembly/interval.ts` first.
    const pointer = writeWords(memory, [
      ...writeCodes(memory, scan.codes),
      unitColumns,
      scan.restartInterval,
      scan.restartInterval,
      parts.length,
      ...parts.flatMap(({ dc, ac, across, down, blocks, columns }) => [
        ...[dc, ac, across, down, blocks.values, blocks.lasts, columns, 0],
      ]),
    ]);
    const { module } = memory;
    module.openInterval(pointer);
    for (let row = 0; row < unitRows; row++) {
      const fault = module.decodeRow(pointer);
      if (fault < 0) throw brokenScan(fault);
      for (const { blocks, down } of parts) blocks.transform(row * down);
    }
  });
}

/** Writes the bytes of a scan. Returns the fields of `Bits`, at the scan's beginning. */
function writeCodes(memory: ImageMemory, codes: Uint8Array): readonly number[] {
  const { length } = codes;
  const pointer = memory.take(length + VECTOR);
  const room = memory.take(length + ROOM);
  memory.bytes(pointer, length).set(codes);
  return [pointer, length, room + length + ROOM - 1, 0, 0, 0, 0];
}

/** Writes a table as `assembly/scan.ts` reads it. */
function writeTable(memory: ImageMemory, codes: HuffmanCodes, isDc: boolean): number {
  const { lookup, limits, offsets, symbols } = createHuffmanTable(codes, isDc);
  const words = lookup.length + limits.length + offsets.length;
  const pointer = memory.take(4 * words + symbols.length);
  const view = memory.words(pointer, words);
  view.set(lookup);
  view.set(limits, lookup.length);
  view.set(offsets, lookup.length + limits.length);
  memory.bytes(pointer + 4 * words, symbols.length).set(symbols);
  return pointer;
}

function writeWords(memory: ImageMemory, words: readonly number[]): number {
  const pointer = memory.take(4 * words.length);
  memory.words(pointer, words.length).set(words);
  return pointer;
}
