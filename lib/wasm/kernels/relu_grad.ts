/**
 * The gradient of ReLU in one pass; tfjs composes it of three.
 *
 * @module
 */

import {
  engine,
  type GradConfig,
  type KernelConfig,
  Relu,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";

const ReluGrad = "edgedoor/ReluGrad";

/** `dx = dy` where `x > 0`, else 0; x, dy and dx of one shape. */
export const reluGradConfig: KernelConfig = {
  kernelName: ReluGrad,
  backendName: "wasm",
  kernelFunc: ({ inputs, backend }) => {
    const heap = heapOf(backend);
    const x = inputs.x!;
    const dx = heap.output(x.shape);
    const size = x.shape.reduce((product, length) => product * length, 1);
    heap.module.reluGradient(
      heap.pointer(x),
      heap.pointer(inputs.dy!),
      size,
      heap.pointer(dx),
    );
    return dx;
  },
};

/**
 * The gradient that uses it on the wasm backend, and the stock one on any other.
 *
 * @param stock The gradient that it replaces.
 */
export function reluGradient(stock: GradConfig): GradConfig {
  return {
    kernelName: Relu,
    inputsToSave: ["x"],
    gradFunc: (dy, saved, attrs) => {
      const x = saved[0]!;
      if (engine().backendName !== "wasm" || x.dtype !== "float32") {
        return stock.gradFunc(dy, saved, attrs);
      }
      return { x: () => engine().runKernel<Tensor>(ReluGrad, { x, dy: dy as Tensor }) };
    },
  };
}
