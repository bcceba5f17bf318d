/**
 * What is timed of the module itself.
 *
 * @module
 */

import { backend_util } from "@tensorflow/tfjs-core";
import { convolutionFields, poolingFields } from "../../../lib/wasm/interface/windows.ts";
import { convolutionInfo } from "../../../lib/wasm/kernels/convolution.ts";
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

/** What a case's name is made of. */
export interface CaseName {
  readonly kernel: string;
  readonly size: string;
}

/** The name that a case's figure goes by. */
export function caseName({ kernel, size }: CaseName): string {
  return `${kernel}, ${size}`;
}

/** The fields of the module's struct `Convolution`. */
export function convolutionStruct(layer: ConvolutionLayer): number[] {
  const { input, inChannels, filter, filters, stride, padding } = layer;
  const shapes = {
    x: [1, input, input, inChannels],
    filter: [filter, filter, inChannels, filters],
  };
  return convolutionFields(
    convolutionInfo(shapes, { strides: stride, pad: padding, dataFormat: "NHWC" }),
  );
}

/** The fields of the module's struct `Pooling`. */
export function poolingStruct({ input, channels, window }: PoolingLayer): number[] {
  return poolingFields(
    backend_util.computePool2DInfo([1, input, input, channels], window, window, 1, "valid"),
  );
}
