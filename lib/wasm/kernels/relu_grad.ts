/**
 * The gradient of ReLU in one pass; tfjs composes it of three.
 *
 * @module
 */

import {
  engine,
  type KernelConfig,
  Relu,
  type Tensor,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import type { GradientOverride } from "./gradient.ts";

const ReluGrad = "edgedoor/ReluGrad";

/** `dx = dy` where `x > 0`, else 0; x, dy and dx of one shape. */
function reluGrad({ inputs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Operands<"x" | "dy">;
  util.assertShapesMatch(x.shape, dy.shape, "Cannot take ReLU's gradient: ");
  const heap = heapOf(backend);
  const xAt = heap.pointer(x);
  const dyAt = heap.pointer(dy);
  const dx = heap.output(x.shape);
  heap.module.reluGradient(xAt, dyAt, util.sizeFromShape(x.shape), 1, heap.pointer(dx));
  return dx;
}

/** The kernel behind `reluGradient`. */
export const reluGradConfig: KernelConfig = {
  kernelName: ReluGrad,
  backendName: "wasm",
  kernelFunc: reluGrad,
};

/** ReLU's gradient by that kernel. */
export const reluGradient: GradientOverride = {
  kernelName: Relu,
  serves: ([x]) => x?.dtype === "float32",
  gradFunc: (dy, saved) => {
    const [x] = saved as [Tensor];
    return { x: () => engine().runKernel<Tensor>(ReluGrad, { x, dy: dy as Tensor }) };
  },
};
