/** What a convolution's kernels are called with, made by the module in a guarded memory. */

import { convolutionFields } from "../../../lib/wasm/interface/windows.ts";
import { type ConvolutionInfo, convolutionInfo } from "../../../lib/wasm/kernels/convolution.ts";
import type { Values } from "../../../lib/wasm/reference/values.ts";
import type { Convolution } from "./convolutions.ts";
import { type GuardedMemory, toValues } from "./guarded_memory.ts";

/** How many bytes the module asks for by one of its functions. */
export type BytesOf = (of: (shape: number) => number) => number;

/** Lets the module answer for a struct. */
export function askForBytes({ run }: GuardedMemory, shape: Int32Array): BytesOf {
  return (of) => {
    let result = 0;
    run({ blocks: { shape }, last: 0, call: (at) => result = of(at.shape) });
    return result;
  };
}

/** A convolution's sizes, its struct, and what its kernels want beside their operands. */
export interface GuardedConvolution {
  readonly info: ConvolutionInfo;
  /** The struct `Convolution`. */
  readonly shape: Int32Array;
  readonly bytes: BytesOf;
  /** The filter as a kernel wants it. */
  prepare(
    size: (shape: number) => number,
    kernel: (shape: number, filter: number, prepared: number) => void,
  ): Values;
}

/** @param options `last`: which block ends where memory ends. */
export function guardConvolution(
  memory: GuardedMemory,
  { x, attrs }: Convolution,
  { filter, last }: { readonly filter: Values; readonly last: number },
): GuardedConvolution {
  const info = convolutionInfo({ x, filter: filter.shape }, attrs);
  const shape = Int32Array.from(convolutionFields(info));
  const bytes = askForBytes(memory, shape);
  return {
    info,
    shape,
    bytes,
    prepare(size, kernel) {
      const prepared = memory.run({
        blocks: { shape, filter, prepared: bytes(size) },
        last,
        call: (at) => kernel(at.shape, at.filter, at.prepared),
      })("prepared");
      return toValues(prepared, [prepared.length]);
    },
  };
}
