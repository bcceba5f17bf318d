/**
 * The interface of the WebAssembly module that `assembly/` compiles to.
 *
 * All parameters are numbers: pointers are byte offsets into the heap of tfjs's wasm backend,
 * sizes are counts of values. `assembly/` documents each function.
 *
 * @module
 */

import { BINARY } from "./binaries/portable.ts";
import type { DenseKernels } from "./interface/dense.ts";
import type { OtherKernels } from "./interface/others.ts";
import type { SparseKernels } from "./interface/sparse.ts";

/**
 * Functions that the module exports; `shape` points to the struct's i32 fields. Those that end in
 * `Scratch` answer how many bytes of scratch the function of that name takes, those in
 * `PreparedBytes` how many its `Prepare` writes.
 */
export interface KernelModule extends DenseKernels, SparseKernels, OtherKernels {}

/** A build of the module. All of them are made of one source, and right under all of V8's flags. */
export interface KernelBuild {
  /**
   * `"portable"`: what suits 128-bit vectors. `"revectorized"`: what V8 makes 256-bit vectors of
   * under `--no-wasm-bounds-checks --experimental-wasm-revectorize`, about twice as fast there and
   * slower anywhere else. `"portable"` unless given.
   */
  readonly tiles?: "portable" | "revectorized";
  /** The kind of memory that it takes; `"unshared"` unless given. */
  readonly memory?: "unshared" | "shared";
}

/** Each is imported when it is asked for; heaps of tfjs begin with the one above. */
const binaries = {
  portable: {
    unshared: () => Promise.resolve({ BINARY }),
    shared: () => import("./binaries/portable_shared.ts"),
  },
  revectorized: {
    unshared: () => import("./binaries/revectorized.ts"),
    shared: () => import("./binaries/revectorized_shared.ts"),
  },
};

/**
 * Compiles a build, once for any number of instances; Workers take it in a message.
 *
 * @throws {WebAssembly.CompileError} If the runtime lacks relaxed SIMD.
 */
export async function compileKernels(
  { tiles = "portable", memory = "unshared" }: KernelBuild = {},
): Promise<WebAssembly.Module> {
  return compile((await binaries[tiles][memory]()).BINARY);
}

function compile(binary: string): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.fromBase64(binary));
}

/** What `instantiate` may be told. */
export interface InstantiateOptions {
  /** A build that suits the memory, of `compileKernels`; the portable, unshared one unless given. */
  readonly module?: WebAssembly.Module;
}

/**
 * Instantiates the module on a heap.
 *
 * @param memory The heap that it reads and writes, of a page or more; a shared one of at most 65,536
 *   pages.
 * @throws {WebAssembly.CompileError} If the runtime lacks relaxed SIMD.
 * @throws {WebAssembly.LinkError} If the build is for memory of the other kind, or the heap is empty.
 */
export function instantiate(
  memory: WebAssembly.Memory,
  { module = compile(BINARY) }: InstantiateOptions = {},
): KernelModule {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelModule;
}
