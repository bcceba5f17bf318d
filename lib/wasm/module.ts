/**
 * The interface of the WebAssembly module that `assembly/` compiles to.
 *
 * All parameters are numbers: pointers are byte offsets into the heap of tfjs's wasm backend,
 * sizes are counts of values. `assembly/` documents each function.
 *
 * @module
 */

import { BINARY } from "./binary.ts";
import type { DenseKernels } from "./interface/dense.ts";
import type { OtherKernels } from "./interface/others.ts";
import type { SparseKernels } from "./interface/sparse.ts";

/**
 * Functions that the module exports; `shape` points to the struct's i32 fields. Those that end in
 * `Scratch` answer how many bytes of scratch the function of that name takes, those in
 * `PreparedBytes` how many its `Prepare` writes.
 */
export interface KernelModule extends DenseKernels, SparseKernels, OtherKernels {}

/**
 * Instantiates the module on a heap.
 *
 * @param memory The heap that it reads and writes.
 * @throws {WebAssembly.CompileError} If the runtime lacks relaxed SIMD.
 */
export function instantiate(memory: WebAssembly.Memory): KernelModule {
  const module = new WebAssembly.Module(Uint8Array.fromBase64(BINARY));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as KernelModule;
}
