/**
 * The gradient of ReLU in one pass; tfjs composes it of three.
 *
 * @module
 */

import {
  cast,
  engine,
  type GradConfig,
  type KernelConfig,
  mul,
  Relu,
  step,
  type Tensor,
  type TensorInfo,
  util,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";

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

/** ReLU's gradient by that kernel on the wasm backend, and by tfjs's formula on any other. */
export const reluGradient: GradConfig = {
  kernelName: Relu,
  inputsToSave: ["x"],
  gradFunc: (dy, saved) => {
    const [x] = saved as [Tensor];
    if (engine().backendName !== "wasm" || x.dtype !== "float32") {
      return { x: () => mul(dy as Tensor, cast(step(x), "float32")) };
    }
    return { x: () => engine().runKernel<Tensor>(ReluGrad, { x, dy: dy as Tensor }) };
  },
};

/** The gradient of that gradient, which tfjs would have by composition: linear in dy, flat in x. */
export const reluGradGradient: GradConfig = {
  kernelName: ReluGrad,
  inputsToSave: ["x"],
  gradFunc: (ddx, saved) => {
    const [x] = saved as [Tensor];
    return {
      x: () => zerosLike(x),
      dy: () => engine().runKernel<Tensor>(ReluGrad, { x, dy: ddx as Tensor }),
    };
  },
};
