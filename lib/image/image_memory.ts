/**
 * The WebAssembly module of `assembly/`, and its memory.
 *
 * @module
 */

import { BINARY } from "./binaries/image.ts";

/** What the module exports; pointers are byte offsets into its memory. */
interface ImageModule {
  readonly memory: WebAssembly.Memory;
  /** `assembly/area.ts` */
  addRows(
    data: number,
    samples: number,
    rows: number,
    firstWeight: number,
    weight: number,
    lastWeight: number,
    sums: number,
  ): void;
  /** `assembly/interval.ts` */
  openInterval(scan: number): void;
  /** `assembly/scan.ts` */
  decodeRow(scan: number): number;
  /** `assembly/transform.ts` */
  transformBlocks(
    blocks: number,
    lasts: number,
    table: number,
    samples: number,
    stride: number,
    columns: number,
  ): void;
}

const PAGE = 65536;

/** Bytes: an instance whose memory has grown beyond this is let go, for memory does not shrink. */
const MOST_KEPT = 8 * 1024 * 1024;

/** Compiled when it is first needed; instances share it, and what V8 has made of it since. */
let module: WebAssembly.Module | undefined;
let kept: ImageMemory | undefined;

/** Room in the module's memory, taken piece by piece and free again as a whole. */
export class ImageMemory {
  readonly module: ImageModule;
  readonly #start: number;
  #next: number;

  constructor() {
    module ??= new WebAssembly.Module(Uint8Array.fromBase64(BINARY));
    this.module = new WebAssembly.Instance(module).exports as unknown as ImageModule;
    // What lies before is the module's own.
    this.#start = this.#next = this.size;
  }

  /** Bytes that the memory has. */
  get size(): number {
    return this.module.memory.buffer.byteLength;
  }

  /** Frees all room. */
  clear(): void {
    this.#next = this.#start;
  }

  /**
   * Takes some room; its bytes are whatever lay there. Views of the memory that were made before may be
   * without their bytes afterwards.
   *
   * @returns A pointer, at a multiple of 16.
   * @throws {RangeError} If there is no more memory.
   */
  take(bytes: number): number {
    const pointer = this.#next;
    this.#next += Math.ceil(bytes / 16) * 16;
    const missing = this.#next - this.size;
    if (missing > 0) this.module.memory.grow(Math.ceil(missing / PAGE));
    return pointer;
  }

  /** A view of bytes, until more room is taken. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.module.memory.buffer, pointer, length);
  }

  /** A view of 16-bit integers, until more room is taken. */
  shorts(pointer: number, length: number): Int16Array {
    return new Int16Array(this.module.memory.buffer, pointer, length);
  }

  /** A view of 32-bit integers, until more room is taken. */
  words(pointer: number, length: number): Int32Array {
    return new Int32Array(this.module.memory.buffer, pointer, length);
  }
}

/**
 * Lends the memory, all of it free; one that was broken off before is free again.
 *
 * @param use Keeps nothing of it, and does not lend it again.
 */
export function withImageMemory(use: (memory: ImageMemory) => void): void {
  kept ??= new ImageMemory();
  kept.clear();
  try {
    use(kept);
  } finally {
    if (kept.size > MOST_KEPT) kept = undefined;
  }
}
