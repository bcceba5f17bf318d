/** A heap of one's own for the kernels, with guards around every block. */

import assert from "node:assert/strict";
import { instantiate, type KernelModule } from "../../../lib/wasm/module.ts";
import type { Values } from "../../../lib/wasm/reference/values.ts";

const PAGE = 65536;
/** Bytes between two blocks. */
const GUARD = 256;
/** What guards hold: as a float32 it is a NaN, which shows in any result that it gets into. */
const PATTERN = 0xfe;

/** Float32 values or the fields of a struct to be placed, or a number of bytes to leave room for. */
export type Block = Values | Int32Array | number;

/** What to run in a guarded memory. */
export interface GuardedRun<Name extends string> {
  readonly blocks: Readonly<Record<Name, Block>>;
  /** Which block ends where memory ends. */
  readonly last: number;
  readonly call: (pointers: Readonly<Record<Name, number>>) => void;
}

/** A heap on which reading or writing outside a block shows. */
export interface GuardedMemory {
  readonly module: KernelModule;
  /**
   * Places blocks behind each other, the last one at the end of memory, where going beyond it
   * traps; calls, and asserts that all guards are whole.
   *
   * @returns The float32 values that then lie in the block of a name.
   */
  run<Name extends string>(guarded: GuardedRun<Name>): (name: Name) => Float32Array;
}

/** @param pages Size of the memory, in 64 KiB; blocks lie at its end. */
export function createGuardedMemory(pages: number): GuardedMemory {
  const memory = new WebAssembly.Memory({ initial: pages });
  return {
    module: instantiate(memory),
    run({ blocks, last, call }) {
      const names = Object.keys(blocks) as (keyof typeof blocks)[];
      names.push(...names.splice(last % names.length, 1));
      const pointers = {} as Record<keyof typeof blocks, number>;
      let start = pages * PAGE;
      for (const name of names.toReversed()) {
        pointers[name] = start - sizeOf(blocks[name]);
        start = pointers[name] - GUARD;
      }
      assert.ok(pages * PAGE - start < 16 * PAGE, "blocks for tests are small");
      new Uint8Array(memory.buffer, start).fill(PATTERN);
      for (const name of names) place(blocks[name], memory.buffer, pointers[name]);
      call(pointers);
      for (const name of names) {
        const guard = new Uint8Array(memory.buffer, pointers[name] - GUARD, GUARD);
        assert.ok(guard.every((byte) => byte === PATTERN), `written before ${name}`);
      }
      return (name) =>
        new Float32Array(memory.buffer, pointers[name], sizeOf(blocks[name]) / 4).slice();
    },
  };
}

const GIGABYTE = 16384;

/** The memories that every kernel is tested on, each with its name. */
export const guardedMemories = [
  { name: "low in memory", create: () => createGuardedMemory(64) },
  { name: "above 2 GiB", create: () => createGuardedMemory(2 * GIGABYTE + 64) },
] as const;

/** Bytes of the block that holds these values. */
export function bytesOf({ data }: Values): number {
  return data.length * 4;
}

/** A block's values, to be compared. */
export function toValues(data: Float32Array, shape: readonly number[]): Values {
  return { data: Float64Array.from(data), shape };
}

function place(block: Block, buffer: ArrayBuffer, pointer: number): void {
  if (typeof block === "number") return;
  if (block instanceof Int32Array) new Int32Array(buffer, pointer, block.length).set(block);
  else new Float32Array(buffer, pointer, block.data.length).set(block.data);
}

/** A block's bytes. */
function sizeOf(block: Block): number {
  if (typeof block === "number") return block;
  return block instanceof Int32Array ? block.byteLength : bytesOf(block);
}
