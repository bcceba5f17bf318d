/**
 * The gradient of the square in one pass; tfjs composes it of two, and a copy.
 *
 * @module
 */

import {
  engine,
  type KernelConfig,
  Square,
  type Tensor,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import type { GradientOverride } from "./gradient.ts";

const SquareGrad = "edgedoor/SquareGrad";

/** dx = 2 · x · dy; x, dy and dx of one shape. */
function squareGrad({ inputs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Operands<"x" | "dy">;
  util.assertShapesMatch(x.shape, dy.shape, "Cannot take a square's gradient: ");
  const heap = heapOf(backend);
  const xAt = heap.pointer(x);
  const dyAt = heap.pointer(dy);
  const dx = heap.output(x.shape);
  heap.module.squareGradient(xAt, dyAt, util.sizeFromShape(x.shape), heap.pointer(dx));
  return dx;
}

/** The kernel behind `squareGradient`. */
export const squareGradConfig: KernelConfig = {
  kernelName: SquareGrad,
  backendName: "wasm",
  kernelFunc: squareGrad,
};

/** The square's gradient by that kernel. */
export const squareGradient: GradientOverride = {
  kernelName: Square,
  serves: ([x]) => x?.dtype === "float32",
  gradFunc: (dy, saved) => {
    const [x] = saved as [Tensor];
    return { x: () => engine().runKernel<Tensor>(SquareGrad, { x, dy: dy as Tensor }) };
  },
};
