/**
 * The interface of the WebAssembly module that `assembly/` compiles to.
 *
 * All parameters are numbers: pointers are byte offsets into the heap of tfjs's wasm backend,
 * sizes are counts of values. `assembly/` documents each function.
 *
 * @module
 */

import { BINARY } from "./binary.ts";

/**
 * Functions that the module exports; `shape` points to the struct's i32 fields. Those that end in
 * `Scratch` answer how many bytes of scratch the function of that name takes.
 */
export interface KernelModule {
  matMulScratch(n: number, k: number): number;
  matMul(
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    c: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    flags: number,
    scratch: number,
  ): void;
  conv2dScratch(shape: number): number;
  conv2d(
    shape: number,
    x: number,
    filter: number,
    y: number,
    bias: number,
    flags: number,
    scratch: number,
  ): void;
  conv2dFilterGradientScratch(shape: number): number;
  conv2dFilterGradient(
    shape: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  conv2dFilterGradientSparseScratch(shape: number): number;
  conv2dFilterGradientSparse(
    shape: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  conv2dInputGradientSparseScratch(shape: number): number;
  conv2dInputGradientSparse(
    shape: number,
    dy: number,
    filter: number,
    dx: number,
    scratch: number,
  ): void;
  reverseFilter(
    filter: number,
    positions: number,
    inC: number,
    outC: number,
    out: number,
  ): void;
  countNonZero(values: number, n: number): number;
  avgPoolGradient(shape: number, dy: number, dx: number): void;
  maxPoolGradient(shape: number, x: number, dy: number, dx: number): void;
  reluGradient(x: number, dy: number, n: number, dx: number): void;
  sumRows(x: number, rows: number, columns: number, out: number): void;
  dropout(
    x: number,
    n: number,
    seed: number,
    threshold: number,
    scale: number,
    y: number,
  ): void;
  adamStep(
    weights: number,
    first: number,
    second: number,
    gradient: number,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    secondCorrection: number,
    epsilon: number,
    newWeights: number,
    newFirst: number,
    newSecond: number,
  ): void;
}

/** Flag of `matMul` and `conv2d`: clamp at zero from below, after the bias. */
export const RELU = 2;

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
