/**
 * The buffers: static places in one shared memory.
 *
 * @module
 */

const PAGE = 65536;
/** Of an address: a line of the cache. */
const ALIGNMENT = 64;
/** Arrays whose lengths are powers of two would otherwise lie on the same sets of the cache. */
const SKEW = 192;

/** Room in one memory that all threads share, given out once and never back. */
export class Buffers {
  /** What the kernels work on. */
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: PAGE, shared: true });
  /** Address 0 means "none" to a kernel. */
  #end = ALIGNMENT;

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
          `Cannot compile the model: its buffers must fit into 4 GiB, got ${end} bytes and more; ` +
            "use a smaller batch",
          { cause },
        );
      }
    }
    this.#end = end;
    return address;
  }

  /** n float32 at an address. Of views taken before, none is lost: shared memory stays in place. */
  floats(address: number, n: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.#buffer, address, n);
  }

  /** n bytes at an address. */
  bytes(address: number, n: number): Uint8Array<SharedArrayBuffer> {
    return new Uint8Array(this.#buffer, address, n);
  }

  /** Reserves room for a struct of i32 and writes it. */
  struct(fields: readonly number[]): number {
    const address = this.allocate(fields.length * 4);
    new Int32Array(this.#buffer, address, fields.length).set(fields);
    return address;
  }

  get #buffer(): SharedArrayBuffer {
    return this.memory.buffer as unknown as SharedArrayBuffer;
  }
}
