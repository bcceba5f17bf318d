/**
 * What is timed of the module itself.
 *
 * @module
 */

import type { KernelModule } from "../../../lib/wasm/module.ts";
import type { Arena } from "./arena.ts";
import type { ConvolutionLayer, PoolingLayer } from "./layers.ts";

/** One kernel at one size. */
export interface KernelCase {
  /** The function's name in the module. */
  readonly kernel: string;
  readonly size: string;
  /** Arithmetic operations of a call, a multiply-add being two; left out where there are few. */
  readonly flops?: number;
  /** Places the operands. @returns The call. */
  readonly prepare: (module: KernelModule, arena: Arena) => () => void;
}

/** The name that a case's figure goes by. */
export function caseName({ kernel, size }: { kernel: string; size: string }): string {
  return `${kernel}, ${size}`;
}

/** The fields of the module's struct `Convolution`. */
export function convolutionStruct(layer: ConvolutionLayer): number[] {
  const { input, inChannels, filter, filters, stride, output, padding } = layer;
  const missing = Math.max(0, (output - 1) * stride + filter - input);
  const pad = padding === "same" ? Math.floor(missing / 2) : 0;
  return [
    ...[input, input, inChannels, filter, filter, output, output, filters],
    ...[stride, stride, pad, pad, 1, 1],
  ];
}

/** The fields of the module's struct `Pooling`. */
export function poolingStruct({ input, channels, window }: PoolingLayer): number[] {
  const output = input / window;
  return [
    ...[input, input, channels, window, window, output, output],
    ...[window, window, 0, 0, 1, 1],
  ];
}
