/**
 * The buffers: static places in one memory.
 *
 * @module
 */

const PAGE = 65536;
/** Of an address: a line of the cache. */
const ALIGNMENT = 64;
/** Arrays whose lengths are powers of two would otherwise lie on the same sets of the cache. */
const SKEW = 192;

/** The most that a kernel can address. */
const MOST_BYTES = PAGE * PAGE;

/** The kind of memory. */
export interface BuffersOptions {
  /** Whether threads share it; they do unless told otherwise. */
  readonly isShared?: boolean;
  /** The most that it may grow to, in bytes: a multiple of 65,536; 4 GiB unless given. */
  readonly maxBytes?: number;
}

/** Room in one memory, given out once and never back. It has no more pages than were asked for. */
export class Buffers {
  /** What the kernels work on. */
  readonly memory: WebAssembly.Memory;
  /** Whether threads share it. */
  readonly isShared: boolean;
  readonly #maxBytes: number;
  /** Address 0 means "none" to a kernel. */
  #end = ALIGNMENT;

  constructor({ isShared = true, maxBytes = MOST_BYTES }: BuffersOptions = {}) {
    this.isShared = isShared;
    this.#maxBytes = maxBytes;
    this.memory = new WebAssembly.Memory({
      initial: 1,
      maximum: maxBytes / PAGE,
      shared: isShared,
    });
  }

  /**
   * Reserves room, all zeros.
   *
   * @returns Its address, on a line of the cache.
   * @throws {RangeError} If the memory cannot grow by that much.
   */
  allocate(bytes: number): number {
    const address = this.#end;
    const end = Math.ceil((address + bytes) / ALIGNMENT) * ALIGNMENT + SKEW;
    const missing = Math.ceil(end / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch (cause) {
        throw new RangeError(
          `Cannot compile the model: its buffers must fit into ${describeBytes(this.#maxBytes)}, ` +
            `got ${end} bytes and more; use a smaller batch`,
          { cause },
        );
      }
    }
    this.#end = end;
    return address;
  }

  /** n float32 at an address. To be used at once: memory that is not shared moves when it grows. */
  floats(address: number, n: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, n);
  }

  /** n bytes at an address, to be used at once. */
  bytes(address: number, n: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, n);
  }

  /** Reserves room for a struct of i32 and writes it. */
  struct(fields: readonly number[]): number {
    const address = this.allocate(fields.length * 4);
    new Int32Array(this.memory.buffer, address, fields.length).set(fields);
    return address;
  }
}

function describeBytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes >= 1024 ? `${mebibytes / 1024} GiB` : `${mebibytes} MiB`;
}
