/** A heap of one's own for the kernels, with guards around every block. */

import assert from "node:assert/strict";
import { compileKernels, instantiate, type KernelModule } from "../../../lib/wasm/module.ts";
import type { Values } from "../../../lib/wasm/reference/values.ts";

const PAGE = 65536;
/** Bytes between two blocks. */
const GUARD = 256;
/** What guards hold: as a float32 it is a NaN, which shows in any result that it gets into. */
const PATTERN = 0xff;

/** Float32 values or an array as it is to be placed, or a number of bytes to leave room for. */
export type Block = Values | Int32Array | Uint8Array | Float64Array | number;

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
  run<Name extends string>(guarded: GuardedRun<Name>): (name: Name) => Float32Array<ArrayBuffer>;
}

/**
 * @param memory Blocks lie at its end.
 * @param module The build for this kind of memory; the portable, unshared one unless given.
 */
export function createGuardedMemory(
  memory = new WebAssembly.Memory({ initial: 64 }),
  module?: WebAssembly.Module,
): GuardedMemory {
  const bytes = memory.buffer.byteLength;
  return {
    module: instantiate(memory, { module }),
    run({ blocks, last, call }) {
      const names = Object.keys(blocks) as (keyof typeof blocks)[];
      names.push(...names.splice(last % names.length, 1));
      const pointers = {} as Record<keyof typeof blocks, number>;
      let start = bytes;
      for (const name of names.toReversed()) {
        pointers[name] = start - sizeOf(blocks[name]);
        // Aligned for the block that ends there.
        start = pointers[name] - GUARD;
        start -= start % 8;
      }
      assert.ok(bytes - start < 16 * PAGE, "blocks for tests are small");
      new Uint8Array(memory.buffer, start).fill(PATTERN);
      for (const name of names) place(blocks[name], memory.buffer, pointers[name]);
      call(pointers);
      for (const name of names) {
        const guard = new Uint8Array(memory.buffer, pointers[name] - GUARD, GUARD);
        assert.ok(guard.every((byte) => byte === PATTERN), `written before ${name}`);
      }
      return (name) => {
        const end = pointers[name] + sizeOf(blocks[name]);
        return new Float32Array(memory.buffer.slice(pointers[name], end));
      };
    },
  };
}

const modules = {
  portable: await compileKernels(),
  portableShared: await compileKernels({ memory: "shared" }),
  revectorized: await compileKernels({ tiles: "revectorized" }),
  revectorizedShared: await compileKernels({ tiles: "revectorized", memory: "shared" }),
};
const low = 64;
const high = low + 2 ** 31 / PAGE;
const shared = { maximum: 65536, shared: true };

/** What every kernel is tested on, each with its name: all builds, low in memory and above 2 GiB. */
export const guardedMemories = [
  {
    name: "portable, low in memory",
    create: () => createGuardedMemory(new WebAssembly.Memory({ initial: low }), modules.portable),
  },
  {
    name: "portable, above 2 GiB in shared memory",
    create: () =>
      createGuardedMemory(
        new WebAssembly.Memory({ initial: high, ...shared }),
        modules.portableShared,
      ),
  },
  {
    name: "revectorized, above 2 GiB",
    create: () =>
      createGuardedMemory(new WebAssembly.Memory({ initial: high }), modules.revectorized),
  },
  {
    name: "revectorized, low in shared memory",
    create: () =>
      createGuardedMemory(
        new WebAssembly.Memory({ initial: low, ...shared }),
        modules.revectorizedShared,
      ),
  },
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
  if ("data" in block) new Float32Array(buffer, pointer, block.data.length).set(block.data);
  else new Uint8Array(buffer, pointer).set(new Uint8Array(block.buffer));
}

/** A block's bytes. */
function sizeOf(block: Block): number {
  if (typeof block === "number") return block;
  return "data" in block ? bytesOf(block) : block.byteLength;
}
