/**
 * `FusedBatchNorm` and its gradient. tfjs composes the gradient of some thirty kernels, among them
 * a tiling of a channel's values over the whole batch that takes longer than a convolution.
 *
 * @module
 */

import {
  engine,
  FusedBatchNorm,
  type FusedBatchNormAttrs,
  type KernelConfig,
  type Tensor,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { type Heap, heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import type { GradientOverride } from "./gradient.ts";

const FusedBatchNormGrad = "edgedoor/FusedBatchNormGrad";

/** Operands of a normalisation; `scale` and `offset` may be left out. */
type BatchNormOperands =
  & Operands<"x" | "mean" | "variance">
  & Partial<Operands<"scale" | "offset">>;

/** Whether the module can normalise by these: float32, and one value a channel. */
function isPerChannel({ x, ...others }: BatchNormOperands): boolean {
  const channels = x.shape.at(-1);
  return x.dtype === "float32" && Object.values(others).every((tensor) =>
    tensor === undefined ||
    (tensor.dtype === "float32" && tensor.shape.length === 1 && tensor.shape[0] === channels)
  );
}

/** How many values each channel has, and how many channels there are. */
function sizesOf({ shape }: TensorInfo): { rows: number; channels: number } {
  return { rows: util.sizeFromShape(shape.slice(0, -1)), channels: shape.at(-1)! };
}

/** Runs `use` with the module's coefficients `(5, channels)` for these operands. */
function withCoefficients<T>(
  heap: Heap,
  { x, mean, variance, scale, offset }: BatchNormOperands,
  varianceEpsilon: number,
  use: (coefficients: number) => T,
): T {
  const { channels } = sizesOf(x);
  return heap.withScratch(channels * 20, (coefficients) => {
    heap.module.batchNormFold(
      scale === undefined ? 0 : heap.pointer(scale),
      offset === undefined ? 0 : heap.pointer(offset),
      heap.pointer(mean),
      heap.pointer(variance),
      channels,
      varianceEpsilon,
      coefficients,
    );
    return use(coefficients);
  });
}

/**
 * tfjs's `FusedBatchNorm`: y = (x − mean) / √(variance + ε) · scale + offset, for x `(…, channels)`.
 *
 * @param stock The kernel that it replaces, for statistics of the shape of x.
 */
export function fusedBatchNormConfig(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const operands = withoutNulls(call.inputs as unknown as BatchNormOperands);
      const { x } = operands;
      if (!isPerChannel(operands)) return stock.kernelFunc(call);
      const { varianceEpsilon } = call.attrs as unknown as FusedBatchNormAttrs;
      const { rows, channels } = sizesOf(x);
      const heap = heapOf(call.backend);
      const y = heap.output(x.shape);
      withCoefficients(
        heap,
        operands,
        varianceEpsilon,
        (coefficients) =>
          heap.module.batchNormApply(
            heap.pointer(x),
            rows,
            channels,
            coefficients,
            0,
            0,
            heap.pointer(y),
          ),
      );
      return y;
    },
  };
}

/** Answers the gradients to x, mean, variance, scale and offset. */
function fusedBatchNormGrad({ inputs, attrs, backend }: KernelCall): TensorInfo[] {
  const { dy, ...rest } = inputs as unknown as BatchNormOperands & Operands<"dy">;
  const operands = withoutNulls(rest);
  const { x } = operands;
  util.assertShapesMatch(x.shape, dy.shape, "Cannot take a batch normalisation's gradient: ");
  const { varianceEpsilon } = attrs as unknown as FusedBatchNormAttrs;
  const { rows, channels } = sizesOf(x);
  const heap = heapOf(backend);
  const { module } = heap;
  const dyAt = heap.pointer(dy);
  const dx = heap.output(x.shape);
  const ofChannels = Array.from({ length: 4 }, () => heap.output([channels]));
  const [dMean, dVariance, dScale, dOffset] = ofChannels.map((tensor) => heap.pointer(tensor));
  withCoefficients(
    heap,
    operands,
    varianceEpsilon,
    (coefficients) =>
      heap.withScratch(channels * 16, (sums) => {
        module.fill(sums, channels * 16);
        module.batchNormGradientSums(heap.pointer(x), dyAt, 0, rows, channels, coefficients, sums);
        module.batchNormParameterGradients(
          sums,
          channels,
          coefficients,
          dMean!,
          dVariance!,
          dScale!,
          dOffset!,
        );
        // dx = dy · scale: a normalisation without shift and mean.
        module.fill(coefficients + channels * 4, channels * 8);
        module.batchNormApply(dyAt, rows, channels, coefficients, 0, 0, heap.pointer(dx));
      }),
  );
  return [dx, ...ofChannels];
}

/** The kernel behind `fusedBatchNormGradient`. */
export const fusedBatchNormGradConfig: KernelConfig = {
  kernelName: FusedBatchNormGrad,
  backendName: "wasm",
  kernelFunc: fusedBatchNormGrad,
};

/** The gradient of `FusedBatchNorm` by that kernel, in two passes over x and dy. */
export const fusedBatchNormGradient: GradientOverride = {
  kernelName: FusedBatchNorm,
  serves: ([x, mean, variance, scale]) =>
    isPerChannel(withoutNulls({ x: x!, mean: mean!, variance: variance!, scale: scale! })),
  gradFunc: (dy, [x, mean, variance, scale], attributes) => {
    const operands = withoutNulls({ x: x!, mean: mean!, variance: variance!, scale: scale! });
    const [dx, dMean, dVariance, dScale, dOffset] = engine().runKernel<Tensor[]>(
      FusedBatchNormGrad,
      { ...operands, dy: dy as Tensor },
      attributes,
    );
    return {
      x: () => dx!,
      mean: () => dMean!,
      variance: () => dVariance!,
      scale: () => dScale!,
      offset: () => dOffset!,
    };
  },
};

/** tfjs passes operands that are left out as null or undefined. */
function withoutNulls<T extends object>(operands: T): T {
  return Object.fromEntries(
    Object.entries(operands).filter(([, tensor]) => tensor !== null && tensor !== undefined),
  ) as T;
}
