/**
 * The scans of a JPEG: what each of them codes, and whether all of them together are lawful.
 *
 * @module
 */

import type { JpegComponent, JpegFrame } from "./jpeg_frame.ts";
import { broken } from "./jpeg_segments.ts";
import type { HuffmanCodes, Tables } from "./jpeg_tables.ts";

/** One pass over the blocks of some components. */
export interface JpegScan {
  readonly components: readonly ScanComponent[];
  /** The coefficients that it codes, in zigzag order. All 64 if the frame is not progressive. */
  readonly first: number;
  readonly last: number;
  /** Whether it adds a bit to coefficients that an earlier scan began. */
  readonly isRefinement: boolean;
  /** The lowest bit of the coefficients that it codes. */
  readonly low: number;
  /** Units between two restart markers; 0 if there is none. */
  readonly restartInterval: number;
  /** Huffman codes, stuffed bytes, restart markers. */
  readonly codes: Uint8Array;
}

/** A component of a scan, with the tables of its codes as far as the scan needs them. */
export interface ScanComponent {
  /** Its index in the frame. */
  readonly index: number;
  readonly component: JpegComponent;
  readonly dc: HuffmanCodes;
  readonly ac: HuffmanCodes;
}

/**
 * Most scans of a file: each one may cost a pass over all blocks for a few bytes of file. Encoders write up to
 * two dozen.
 */
export const MAX_SCANS = 32;

/**
 * Most blocks that all scans together may pass over. An image of 4 megapixels in full colour has
 * 187,500, one in CMYK 250,000; libjpeg's usual progressive scans pass over each up to six times.
 */
const MAX_BLOCKS = 1_600_000;

/** Most blocks of a unit (ISO/IEC 10918-1, B.2.3). */
const MAX_UNIT = 10;

const NO_CODES: HuffmanCodes = new Uint8Array();

/**
 * Reads a scan's header. A scan is decoded as its header says: a false one would cost minutes, or write
 * beyond a block.
 *
 * @param data The segment's data.
 * @param frame The frame before it.
 * @param tables The Huffman tables that hold here.
 * @returns The scan but for what lies around its header.
 * @throws {ImageDecodeError} If it is not one of this frame's, or lacks a table.
 */
export function readScanHeader(
  data: Uint8Array,
  frame: JpegFrame,
  tables: Tables,
): Omit<JpegScan, "restartInterval" | "codes"> {
  const count = data[0] ?? 0;
  if (count < 1 || count > 4 || data.length !== 4 + 2 * count) {
    throw broken(
      `a scan's header must have 1 to 4 components and 2 bytes for each, got ${count} in ` +
        `${data.length} bytes`,
    );
  }
  const ids = Array.from({ length: count }, (_, i) => data[1 + 2 * i]!);
  const indices = ids.map((id) => frame.components.findIndex((component) => component.id === id));
  if (indices.includes(-1) || new Set(ids).size !== count) {
    throw broken(`a scan's components must be ones of the frame, each once, got ${ids}`);
  }
  const [first = 0, last = 0, bits = 0] = data.subarray(1 + 2 * count);
  if (first > last || last > 63) {
    throw broken(`a scan's coefficients must lie within 0 to 63, got ${first} to ${last}`);
  }
  // Some encoders write anything here where there is only one way to read the scan.
  const coding = frame.isProgressive
    ? readProgression({ first, last, count, high: bits >> 4, low: bits & 15 })
    : { first: 0, last: 63, isRefinement: false, low: 0 };

  const needsDc = coding.first === 0 && !coding.isRefinement;
  const components = indices.map((index, i): ScanComponent => {
    const numbers = data[2 + 2 * i]!;
    return {
      index,
      component: frame.components[index]!,
      dc: needsDc ? require(tables.dc[numbers >> 4]) : NO_CODES,
      ac: coding.last > 0 ? require(tables.ac[numbers & 15]) : NO_CODES,
    };
  });
  const unit = components.reduce(
    (sum, { component }) => sum + component.horizontal * component.vertical,
    0,
  );
  if (count > 1 && unit > MAX_UNIT) {
    throw broken(`a scan's units must have at most ${MAX_UNIT} blocks, got ${unit}`);
  }
  return { components, ...coding };
}

interface Progression {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly high: number;
  readonly low: number;
}

/** What a progressive scan codes (G.1.1.1). */
function readProgression({ first, last, count, high, low }: Progression) {
  if (first === 0 ? last !== 0 : count !== 1) {
    throw broken(
      "a progressive scan must have the first coefficients alone, or others of one component, " +
        `got ${first} to ${last} of ${count}`,
    );
  }
  if (low > 13 || high !== 0 && high !== low + 1) {
    throw broken(`a scan must add one bit from 0 to 13, got ${low} after ${high}`);
  }
  return { first, last, isRefinement: high !== 0, low };
}

function require(codes: HuffmanCodes | undefined): HuffmanCodes {
  if (codes) return codes;
  throw broken("the Huffman tables of a scan must come before it, got none");
}

/**
 * Checks all scans of a frame together: their work, and that each bit of each coefficient
 * comes once, the higher ones first. So the work is bounded by the frame.
 *
 * @returns How many blocks they pass over.
 * @throws {ImageDecodeError} If they are not lawful, or a component has none.
 */
export function checkScans({ components }: JpegFrame, scans: readonly JpegScan[]): number {
  // By component and coefficient, the lowest bit that has come.
  const lows = components.map(() => new Int8Array(64).fill(-1));
  let blocks = 0;
  for (const { components: parts, first, last, isRefinement, low } of scans) {
    for (const { index, component } of parts) {
      blocks += parts.length === 1
        ? component.blockColumns * component.blockRows
        : component.paddedColumns * component.paddedRows;
      const before = lows[index]!.subarray(first, last + 1);
      if (!before.every((bit) => bit === (isRefinement ? low + 1 : -1))) {
        throw broken("each bit of a coefficient must come in one scan, got another order");
      }
      before.fill(low);
    }
  }
  if (lows.some(([first]) => first === -1)) {
    throw broken("each component must have a scan, got one without");
  }
  if (blocks > MAX_BLOCKS) {
    throw broken(`its scans must pass over at most ${MAX_BLOCKS} blocks, got ${blocks}`);
  }
  return blocks;
}
