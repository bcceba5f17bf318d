/**
 * Dropout whose mask is a hash of the position and a seed: reproducible, stored nowhere, and its
 * gradient is the same function of dy.
 *
 * @module
 */

import {
  engine,
  type GradConfig,
  type KernelConfig,
  type Tensor,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";

const HashDropout = "edgedoor/HashDropout";

/** How much is dropped, and which mask. */
export interface DropoutOptions {
  /** From 0 to below 1. */
  readonly rate: number;
  /** From 0 to 2³² − 1: the same seed draws the same mask. */
  readonly seed: number;
  /** Where the tensor begins in a larger one that it is a part of, in values; 0 unless given. */
  readonly first?: number;
}

function dropout({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { rate, seed, first = 0 } = attrs as unknown as DropoutOptions;
  const { x } = inputs as Operands<"x">;
  const heap = heapOf(backend);
  const xAt = heap.pointer(x);
  const y = heap.output(x.shape);
  const threshold = Math.floor(rate * 2 ** 32);
  const size = util.sizeFromShape(x.shape);
  heap.module.dropout(xAt, size, first, seed, threshold, 1 / (1 - rate), heap.pointer(y));
  return y;
}

/** The kernel behind `hashDropout`. */
export const hashDropoutConfig: KernelConfig = {
  kernelName: HashDropout,
  backendName: "wasm",
  kernelFunc: dropout,
};

/** Its gradient: the same mask on dy. */
export const hashDropoutGradient: GradConfig = {
  kernelName: HashDropout,
  gradFunc: (dy, _saved, attrs) => ({
    x: () => engine().runKernel<Tensor>(HashDropout, { x: dy as Tensor }, attrs),
  }),
};

/**
 * Sets each value to zero with probability `rate` and scales the others by 1 / (1 − rate).
 *
 * @param x Any shape, float32.
 * @returns The shape of x. Differentiable.
 * @throws {RangeError} If the rate or the seed is out of range.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { hashDropout } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * await tf.setBackend("wasm");
 * const y = hashDropout(tf.ones([1000]), { rate: 0.5, seed: 1 });
 * assert.deepEqual(new Set(y.dataSync()), new Set([0, 2]));
 * ```
 */
export function hashDropout<T extends Tensor>(
  x: T,
  { rate, seed, first = 0 }: DropoutOptions,
): T {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`Cannot drop out: rate must be from 0 to below 1, got ${rate}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(
      `Cannot drop out: seed must be an integer from 0 to 4294967295, got ${seed}`,
    );
  }
  return engine().runKernel<T>(HashDropout, { x }, { rate, seed, first });
}
