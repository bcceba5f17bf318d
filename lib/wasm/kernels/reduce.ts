/**
 * `Sum` and `Mean` over leading axes, the gradient of every bias and the statistics of batch
 * normalisation. The stock kernels transpose the whole tensor first; over any other axes it is left
 * to them.
 *
 * @module
 */

import {
  backend_util,
  engine,
  type KernelConfig,
  Mean,
  type SumAttrs,
  type Tensor,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { type Heap, heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import type { GradientOverride } from "./gradient.ts";

const MeanGrad = "edgedoor/MeanGrad";

/** A function of the module that reduces `(rows, columns)` to `(columns)`. */
type ReduceRows = Heap["module"]["sumRows"];

/**
 * tfjs's `Sum`.
 *
 * @param stock The kernel that it replaces.
 */
export function sumConfig(stock: KernelConfig): KernelConfig {
  return reduceConfig(stock, ({ module }) => module.sumRows);
}

/**
 * tfjs's `Mean`.
 *
 * @param stock The kernel that it replaces.
 */
export function meanConfig(stock: KernelConfig): KernelConfig {
  return reduceConfig(stock, ({ module }) => module.meanRows);
}

function reduceConfig(stock: KernelConfig, reduceOf: (heap: Heap) => ReduceRows): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { axis, keepDims } = call.attrs as unknown as SumAttrs;
      const { x } = call.inputs as Operands<"x">;
      const axes = util.parseAxisParam(axis, x.shape);
      if (!isLeading(axes, x) || x.dtype !== "float32") return stock.kernelFunc(call);
      const heap = heapOf(call.backend);
      const [kept, summed] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const out = heap.output(keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept);
      reduceOf(heap)(
        heap.pointer(x),
        util.sizeFromShape(summed),
        util.sizeFromShape(kept),
        heap.pointer(out),
      );
      return out;
    },
  };
}

/** Whether a tensor is reduced over its first axes, and over some of them only. */
function isLeading(axes: readonly number[], { shape }: TensorInfo): boolean {
  return axes.length > 0 && axes.length < shape.length &&
    axes.every((value, index) => value === index);
}

/** dx `(…, kept)` = dy over the number of values that were averaged, for each of them. */
function meanGrad({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { dy } = inputs as Operands<"dy">;
  const { shape } = attrs as { shape: number[] };
  const heap = heapOf(backend);
  const dyAt = heap.pointer(dy);
  const dx = heap.output(shape);
  const columns = util.sizeFromShape(dy.shape);
  const rows = util.sizeFromShape(shape) / columns;
  heap.module.repeatRow(dyAt, rows, columns, 1 / rows, heap.pointer(dx));
  return dx;
}

/** The kernel behind `meanGradient`. */
export const meanGradConfig: KernelConfig = {
  kernelName: MeanGrad,
  backendName: "wasm",
  kernelFunc: meanGrad,
};

/** The gradient of a mean over leading axes in one pass; tfjs composes it of three. */
export const meanGradient: GradientOverride = {
  kernelName: Mean,
  serves: ([x], { axis }) =>
    x?.dtype === "float32" && x.size > 0 &&
    isLeading(util.parseAxisParam(axis as number | number[], x.shape), x),
  gradFunc: (dy, saved) => {
    const [x] = saved as [Tensor];
    return {
      x: () => engine().runKernel<Tensor>(MeanGrad, { dy: dy as Tensor }, { shape: x.shape }),
    };
  },
};
