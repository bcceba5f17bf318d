/**
 * Dropout whose mask is a hash of the position and a seed: reproducible, stored nowhere, and its
 * gradient is the same function of dy.
 *
 * @module
 */

import { customGrad, engine, type KernelConfig, type Tensor } from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";

const HashDropout = "edgedoor/HashDropout";

/** The kernel behind `hashDropout`. */
export const hashDropoutConfig: KernelConfig = {
  kernelName: HashDropout,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { rate, seed } = attrs as unknown as { rate: number; seed: number };
    const x = inputs.x!;
    const heap = heapOf(backend);
    const y = heap.output(x.shape);
    const size = x.shape.reduce((product, length) => product * length, 1);
    heap.module.dropout(
      heap.pointer(x),
      size,
      seed,
      Math.floor(rate * 2 ** 32),
      1 / (1 - rate),
      heap.pointer(y),
    );
    return y;
  },
};

/**
 * Sets each value to zero with probability `rate` and scales the others by 1 / (1 − rate).
 *
 * @param x Any shape, float32.
 * @param options `rate` from 0 to below 1; `seed`, 32 bits: the same seed draws the same mask.
 * @returns The shape of x. Differentiable.
 * @throws {RangeError} If the rate is out of range.
 */
export function hashDropout<T extends Tensor>(
  x: T,
  { rate, seed }: { rate: number; seed: number },
): T {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`Cannot drop out: rate must be from 0 to below 1, got ${rate}`);
  }
  const apply = (input: Tensor) =>
    engine().runKernel<Tensor>(HashDropout, { x: input }, { rate, seed });
  const withGradient = customGrad((input, save) => {
    (save as (tensors: Tensor[]) => void)([]);
    return { value: apply(input as Tensor), gradFunc: (dy: Tensor) => apply(dy) };
  });
  return withGradient(x) as T;
}
