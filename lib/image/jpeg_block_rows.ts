/**
 * Rows of a component's blocks, from coefficients to samples.
 *
 * @module
 */

import { BLOCK } from "./jpeg_frame.ts";
import type { ImageMemory } from "./image_memory.ts";
import type { Plane } from "./jpeg_plane.ts";

/** Coefficients in a block, and their bytes. */
const VALUES = BLOCK * BLOCK;
const BYTES = 2 * VALUES;

/** How many blocks there are. */
export interface BlockRowsSize {
  readonly rows: number;
  /** Blocks in a row; of a plane that is to be made, no more than it has. */
  readonly columns: number;
}

/** Some rows of blocks in the module's memory, through which all rows of a component go. */
export class BlockRows {
  /** Pointer to coefficients, `(rows, columns, 8, 8)`, i16, each block row by row. */
  readonly values: number;
  /** Pointer to a byte for each block: in zigzag order, the coefficients behind this one are zero. */
  readonly lasts: number;
  readonly #memory: ImageMemory;
  readonly #plane: Plane | undefined;
  readonly #size: BlockRowsSize;
  readonly #table: number;
  readonly #samples: number;

  /**
   * Takes room for them. All coefficients are zero.
   *
   * @param memory Not freed while they are in use.
   * @param plane Where the samples go; without one, nothing is made of the coefficients.
   */
  constructor(memory: ImageMemory, plane: Plane | undefined, size: BlockRowsSize) {
    const blocks = size.rows * size.columns;
    this.#memory = memory;
    this.#plane = plane;
    this.#size = size;
    this.values = memory.take(BYTES * blocks);
    this.lasts = memory.take(blocks);
    this.#table = memory.take(BYTES);
    this.#samples = memory.take(size.rows * BLOCK * (plane?.stride ?? 0));
    memory.shorts(this.values, VALUES * blocks).fill(0);
    if (plane) memory.shorts(this.#table, VALUES).set(plane.quantization);
  }

  /**
   * Makes samples of the coefficients, which are all zero afterwards.
   *
   * @param first Index in the plane of the first of these rows.
   */
  transform(first: number): void {
    if (!this.#plane) return;
    const { samples, stride } = this.#plane;
    const { rows, columns } = this.#size;
    const rowBytes = BLOCK * stride;
    for (let row = 0; row < rows; row++) {
      const blocks = row * columns;
      this.#memory.module.transformBlocks(
        this.values + BYTES * blocks,
        this.lasts + blocks,
        this.#table,
        this.#samples + rowBytes * row,
        stride,
        columns,
      );
    }
    samples.set(this.#memory.bytes(this.#samples, rowBytes * rows), rowBytes * first);
  }
}
