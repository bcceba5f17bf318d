/**
 * A memory of the benchmark's own with operands in it.
 *
 * @module
 */

import { createRandom } from "../../../lib/core/random.ts";

const PAGE = 65_536;

/** Blocks begin at cache lines. */
const ALIGNMENT = 64;

/** Places operands one behind the other. */
export interface Arena {
  /**
   * Room for float32 values.
   *
   * @param count How many.
   * @param density The share of them that is not zero, those in −0.5–0.5; 1 unless given.
   * @returns Where they lie, bytes.
   */
  floats(count: number, density?: number): number;
  /** Room for so many bytes, zeros. */
  bytes(count: number): number;
  /** A struct of i32 fields. */
  struct(fields: readonly number[]): number;
  /** Frees everything: what was placed is overwritten by what comes next. */
  clear(): void;
}

/** An arena over a memory, which grows as it needs. */
export function createArena(memory: WebAssembly.Memory): Arena {
  const random = createRandom(1, "operands");
  let end = ALIGNMENT;
  function bytes(count: number): number {
    const start = end;
    end = Math.ceil((start + count) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
    new Uint8Array(memory.buffer, start, count).fill(0);
    return start;
  }
  return {
    bytes,
    floats(count, density = 1) {
      const start = bytes(count * 4);
      const values = new Float32Array(memory.buffer, start, count);
      for (let i = 0; i < count; i++) {
        const value = random.uniform() - 0.5;
        if (density === 1 || random.uniform() < density) values[i] = value;
      }
      return start;
    },
    struct(fields) {
      const start = bytes(fields.length * 4);
      new Int32Array(memory.buffer, start, fields.length).set(fields);
      return start;
    },
    clear() {
      end = ALIGNMENT;
    },
  };
}
