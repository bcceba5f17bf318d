/**
 * The frame of a JPEG: its size, its components, and how their blocks lie.
 *
 * @module
 */

import { broken } from "./jpeg_segments.ts";
import { checkSize } from "./limits.ts";

/** Samples on a side of a block, and coefficients. */
export const BLOCK = 8;

/** What a frame header says. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  readonly components: readonly JpegComponent[];
  /** Minimum coded units (ISO/IEC 10918-1, A.2) of a scan of several components: in a row, and rows. */
  readonly unitColumns: number;
  readonly unitRows: number;
}

/** One component: brightness, a colour. */
export interface JpegComponent {
  readonly id: number;
  /** Blocks in a unit: across, and down. The most of any component has the image's resolution. */
  readonly horizontal: number;
  readonly vertical: number;
  /** By how much its samples are fewer than the image's pixels: 1, 2, 3 or 4. */
  readonly columnFactor: number;
  readonly rowFactor: number;
  /** Number of its table of quantization. */
  readonly quantization: number;
  /** Size in samples. */
  readonly width: number;
  readonly height: number;
  /** Blocks that hold any of these samples. */
  readonly blockColumns: number;
  readonly blockRows: number;
  /** Blocks of whole units. */
  readonly paddedColumns: number;
  readonly paddedRows: number;
}

/** Baseline, extended sequential and progressive, Huffman. */
const DECODED_FRAMES = [0xc0, 0xc1, 0xc2];
const PROGRESSIVE = 0xc2;

/**
 * Reads a frame header.
 *
 * @param marker The kind of frame.
 * @param data The segment's data.
 * @throws {ImageDecodeError} If it is broken, over `MAX_PIXELS`, or of a coding other than baseline or
 * progressive Huffman with 8 bits.
 */
export function readFrame(marker: number, data: Uint8Array): JpegFrame {
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

  const stored = Array.from({ length: count }, (_, i) => readComponent(data.subarray(6 + 3 * i)));
  const ids = stored.map(({ id }) => id);
  if (new Set(ids).size !== count) {
    throw broken(`components must have names of their own, got ${ids}`);
  }
  const horizontal = Math.max(...stored.map((component) => component.horizontal));
  const vertical = Math.max(...stored.map((component) => component.vertical));
  const unitColumns = Math.ceil(width / (horizontal * BLOCK));
  const unitRows = Math.ceil(height / (vertical * BLOCK));
  const components = stored.map((component): JpegComponent => {
    const columnFactor = horizontal / component.horizontal;
    const rowFactor = vertical / component.vertical;
    if (!Number.isInteger(columnFactor) || !Number.isInteger(rowFactor)) {
      throw broken(
        "sampling factors must divide the largest of them, " +
          `got ${component.horizontal}×${component.vertical} of ${horizontal}×${vertical}`,
      );
    }
    const size = { width: Math.ceil(width / columnFactor), height: Math.ceil(height / rowFactor) };
    return {
      ...component,
      ...size,
      columnFactor,
      rowFactor,
      blockColumns: Math.ceil(size.width / BLOCK),
      blockRows: Math.ceil(size.height / BLOCK),
      paddedColumns: unitColumns * component.horizontal,
      paddedRows: unitRows * component.vertical,
    };
  });
  return {
    width,
    height,
    isProgressive: marker === PROGRESSIVE,
    components,
    unitColumns,
    unitRows,
  };
}

function readComponent([id = 0, sampling = 0, quantization = 0]: Uint8Array) {
  const [horizontal, vertical] = [sampling >> 4, sampling & 15];
  if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
    throw broken(`sampling factors must be from 1 to 4, got ${horizontal}×${vertical}`);
  }
  return { id, horizontal, vertical, quantization };
}
