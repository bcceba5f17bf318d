/**
 * `MaxPool` and `AvgPool`. The stock kernels work out the size of their result by themselves: where
 * tfjs rounds it up, or takes it from padding in numbers and a filter that is not square, they write
 * less than the result, or beyond it. Nor are they right for windows that hold padding alone. Where
 * both sizes agree and each window has a pixel they remain: they are fast.
 *
 * @module
 */

import { backend_util, type KernelConfig, type MaxPoolAttrs, util } from "@tensorflow/tfjs-core";
import { type Heap, heapOf } from "../heap.ts";
import { poolingFields } from "../interface/windows.ts";
import type { Operands } from "./call.ts";
import { identityConfig } from "./identity.ts";

/** Pools `images` images at x to y, by the struct `Pooling` at `shape`. */
type Pool = (
  module: Heap["module"],
  at: { readonly shape: number; readonly images: number; readonly x: number; readonly y: number },
) => void;

/**
 * tfjs's `MaxPool`; −∞ where a window holds padding alone.
 *
 * @param stock The kernel that it replaces.
 */
export function maxPoolConfig(stock: KernelConfig): KernelConfig {
  return poolConfig(stock, (module, { shape, images, x, y }) => {
    module.maxPool(shape, images, x, y, 0);
  });
}

/**
 * tfjs's `AvgPool`; NaN where a window holds padding alone.
 *
 * @param stock The kernel that it replaces.
 */
export function avgPoolConfig(stock: KernelConfig): KernelConfig {
  return poolConfig(stock, (module, { shape, images, x, y }) => {
    module.avgPool(shape, images, x, y);
  });
}

function poolConfig(stock: KernelConfig, pool: Pool): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { x } = call.inputs as Operands<"x">;
      const { filterSize, strides, pad, dimRoundingMode } = call.attrs as unknown as MaxPoolAttrs;
      const info = backend_util.computePool2DInfo(
        x.shape as [number, number, number, number],
        filterSize,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      if (info.outHeight < 0 || info.outWidth < 0) {
        throw new RangeError(
          `Cannot pool: the filter must fit into the padded images, got [${filterSize}] on ` +
            `[${x.shape}]`,
        );
      }
      if (suitsStock(info)) return stock.kernelFunc(call);
      // As on tfjs's other backends, whatever the strides.
      if (isOfPixels(info) && util.arraysEqual(info.inShape, info.outShape)) {
        return identityConfig.kernelFunc(call);
      }
      const heap = heapOf(call.backend);
      const xAt = heap.pointer(x);
      const y = heap.output(info.outShape);
      if (util.sizeFromShape(info.outShape) === 0) return y;
      heap.withStruct(poolingFields(info), (shape) => {
        pool(heap.module, { shape, images: info.batchSize, x: xAt, y: heap.pointer(y) });
      });
      return y;
    },
  };
}

/** Whether each window is of one pixel. */
function isOfPixels({ filterHeight, filterWidth }: backend_util.Conv2DInfo): boolean {
  return filterHeight === 1 && filterWidth === 1;
}

/** Whether the stock kernels agree on the size, and each window has a pixel. */
function suitsStock(info: backend_util.Conv2DInfo): boolean {
  const { padInfo } = info;
  return [
    [
      info.inHeight,
      padInfo.top,
      padInfo.bottom,
      info.filterHeight,
      info.strideHeight,
      info.outHeight,
    ],
    [info.inWidth, padInfo.left, padInfo.right, info.filterWidth, info.strideWidth, info.outWidth],
  ].every(([size = 0, before = 0, after = 0, filter = 0, stride = 0, out = 0]) =>
    out > 0 && out === Math.floor((size + before + after - filter) / stride) + 1 &&
    before < filter && (out - 1) * stride - before < size
  );
}
