/**
 * The order in which a scan has its blocks.
 *
 * @module
 */

import type { BitReader } from "./jpeg_bits.ts";
import type { JpegFrame } from "./jpeg_frame.ts";
import type { JpegScan } from "./jpeg_scan_header.ts";

/** Told what comes next. */
export interface BlockVisitor {
  /**
   * @param part The component's index in the scan.
   * @param block The block's index in the component, whose rows have `paddedColumns` of them.
   */
  visit(part: number, block: number): void;
  /** Called between two restart intervals. */
  restart(): void;
}

/**
 * Goes over the blocks of a scan (ISO/IEC 10918-1, A.2): of one component row by row; of several unit
 * by unit, each with some blocks of every component.
 *
 * @throws {ImageDecodeError} If the data end before the blocks.
 */
export function walkBlocks(
  frame: JpegFrame,
  { components, restartInterval }: JpegScan,
  reader: BitReader,
  visitor: BlockVisitor,
): void {
  const [single] = components;
  const isSingle = components.length === 1;
  const rows = isSingle ? single!.component.blockRows : frame.unitRows;
  const columns = isSingle ? single!.component.blockColumns : frame.unitColumns;
  let unitsLeft = restartInterval;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (restartInterval > 0 && unitsLeft-- === 0) {
        reader.restart();
        visitor.restart();
        unitsLeft = restartInterval - 1;
      }
      for (let part = 0; part < components.length; part++) {
        const { horizontal, vertical, paddedColumns } = components[part]!.component;
        const across = isSingle ? 1 : horizontal;
        const down = isSingle ? 1 : vertical;
        for (let y = 0; y < down; y++) {
          const first = (row * down + y) * paddedColumns + column * across;
          for (let x = 0; x < across; x++) {
            visitor.visit(part, first + x);
            reader.checkEnd();
          }
        }
      }
    }
  }
}
