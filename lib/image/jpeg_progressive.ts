/**
 * The scans of a progressive JPEG, each of which codes some coefficients, or a bit of them
 * (ISO/IEC 10918-1, G.1.2 and G.2).
 *
 * @module
 */

import { withImageMemory } from "./image_memory.ts";
import { BitReader } from "./jpeg_bits.ts";
import { BlockRows } from "./jpeg_block_rows.ts";
import type { JpegComponent, JpegFrame } from "./jpeg_frame.ts";
import { createHuffmanTable, type HuffmanTable, runOf } from "./jpeg_huffman.ts";
import type { Plane } from "./jpeg_plane.ts";
import type { JpegScan } from "./jpeg_scan_header.ts";
import { broken } from "./jpeg_segments.ts";
import { ZIGZAG } from "./jpeg_tables.ts";
import { walkBlocks } from "./jpeg_walk.ts";

/** The coefficients of a component, as far as they have come. */
export interface Coefficients {
  /** 64 for each block, row by row. */
  readonly values: Int16Array;
  /** For each block, in zigzag order: behind this one, all are zero. */
  readonly lasts: Uint8Array;
}

/** Makes the coefficients of a component, all zero. */
export function createCoefficients({ paddedColumns, paddedRows }: JpegComponent): Coefficients {
  const blocks = paddedColumns * paddedRows;
  return { values: new Int16Array(64 * blocks), lasts: new Uint8Array(blocks) };
}

/** Makes the samples of a component whose coefficients have all come. */
export function transformAll({ values, lasts }: Coefficients, plane: Plane): void {
  const { blockColumns: columns, blockRows, paddedColumns } = plane.component;
  withImageMemory((memory) => {
    const blocks = new BlockRows(memory, plane, { rows: 1, columns });
    for (let row = 0; row < blockRows; row++) {
      const first = row * paddedColumns;
      const end = first + columns;
      memory.shorts(blocks.values, 64 * columns).set(values.subarray(64 * first, 64 * end));
      memory.bytes(blocks.lasts, columns).set(lasts.subarray(first, end));
      blocks.transform(row);
    }
  });
}

/**
 * Decodes one scan.
 *
 * @param coefficients Of every component of the frame; added to.
 * @throws {ImageDecodeError} If its data are broken.
 */
export function decodeProgressiveScan(
  frame: JpegFrame,
  scan: JpegScan,
  coefficients: readonly Coefficients[],
): void {
  const reader = new BitReader(scan.codes);
  const parts = scan.components.map(({ index }) => coefficients[index]!);
  if (scan.first > 0) {
    decodeOthers(frame, scan, reader, parts[0]!);
  } else if (scan.isRefinement) {
    const bit = 1 << scan.low;
    walkBlocks(frame, scan, reader, {
      visit(part, block) {
        if (reader.read(1) === 1) parts[part]!.values[64 * block]! |= bit;
      },
      restart() {},
    });
  } else {
    const tables = scan.components.map(({ dc }) => createHuffmanTable(dc, true));
    const predictions = new Int32Array(parts.length);
    walkBlocks(frame, scan, reader, {
      visit(part, block) {
        const difference = reader.readValue(reader.readEntry(tables[part]!));
        const prediction = predictions[part]! + difference | 0;
        predictions[part] = prediction;
        parts[part]!.values[64 * block] = prediction << scan.low;
      },
      restart: () => predictions.fill(0),
    });
  }
}

/** A scan of other coefficients than the first. */
function decodeOthers(
  frame: JpegFrame,
  scan: JpegScan,
  reader: BitReader,
  coefficients: Coefficients,
): void {
  const table = createHuffmanTable(scan.components[0]!.ac, false);
  const read = scan.isRefinement ? refineBlock : readBlock;
  /** How many blocks, from this one on, have no new value to the end of the scan's band. */
  let emptyBlocks = 0;
  walkBlocks(frame, scan, reader, {
    visit(_, block) {
      emptyBlocks = read(reader, table, scan, coefficients, block, emptyBlocks);
    },
    restart: () => emptyBlocks = 0,
  });
}

/**
 * Reads the coefficients of a band for the first time (G.1.2.2).
 *
 * @returns How many of the following blocks are empty.
 */
function readBlock(
  reader: BitReader,
  table: HuffmanTable,
  { first, last, low }: JpegScan,
  { values, lasts }: Coefficients,
  block: number,
  emptyBlocks: number,
): number {
  if (emptyBlocks > 0) return emptyBlocks - 1;
  const at = 64 * block;
  let index = first;
  while (index <= last) {
    const entry = reader.readEntry(table);
    const run = runOf(entry);
    const value = reader.readValue(entry);
    if (value === 0 && run < 15) return readRun(reader, run) - 1;
    index += run;
    if (value !== 0) {
      if (index > last) throw beyondBand();
      values[at + ZIGZAG[index]!] = value << low;
      if (index > lasts[block]!) lasts[block] = index;
    }
    index++;
  }
  return 0;
}

/**
 * Reads one bit more of the coefficients of a band (G.1.2.3): of those that are not zero, and, as codes
 * with runs, which of the others become so.
 *
 * @returns How many of the following blocks have no new ones.
 */
function refineBlock(
  reader: BitReader,
  table: HuffmanTable,
  { first, last, low }: JpegScan,
  { values, lasts }: Coefficients,
  block: number,
  emptyBlocks: number,
): number {
  const bit = 1 << low;
  const at = 64 * block;
  let index = first;
  let empty = emptyBlocks;
  while (index <= last && empty === 0) {
    const entry = reader.readEntry(table);
    const run = runOf(entry);
    const value = reader.readValue(entry);
    if (value === 0 && run < 15) {
      empty = readRun(reader, run);
      break;
    }
    if (value < -1 || value > 1) {
      throw broken("its data must be whole, got a refinement by more than a bit");
    }
    index = refine(reader, values, at, index, Math.min(last, lasts[block]!), run, bit);
    if (value !== 0) {
      if (index > last) throw beyondBand();
      values[at + ZIGZAG[index]!] = value * bit;
      if (index > lasts[block]!) lasts[block] = index;
    }
    index++;
  }
  if (empty === 0) return 0;
  refine(reader, values, at, index, Math.min(last, lasts[block]!), 64, bit);
  return empty - 1;
}

/**
 * Refines what is not zero, until `zeros` coefficients were zero and another one is.
 *
 * @param last Behind this one, all are zero.
 * @returns The index of that other one.
 */
function refine(
  reader: BitReader,
  values: Int16Array,
  at: number,
  start: number,
  last: number,
  zeros: number,
  bit: number,
): number {
  let left = zeros;
  let index = start;
  for (; index <= last; index++) {
    const place = at + ZIGZAG[index]!;
    const value = values[place]!;
    if (value === 0) {
      if (left === 0) return index;
      left--;
    } else if (reader.read(1) === 1) {
      values[place] = value + (value > 0 ? bit : -bit);
    }
  }
  return index + left;
}

/** How many blocks a run of empty ones has, this one included. */
function readRun(reader: BitReader, size: number): number {
  return (1 << size) + (size === 0 ? 0 : reader.read(size));
}

function beyondBand() {
  return broken("its data must be whole, got a coefficient beyond its scan's");
}
