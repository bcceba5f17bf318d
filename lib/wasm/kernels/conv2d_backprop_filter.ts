/**
 * `Conv2DBackpropFilter`, which the wasm backend lacks: without it no CNN trains there
 * (tensorflow/tfjs issue 8474).
 *
 * @module
 */

import {
  Conv2DBackpropFilter,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import {
  type ConvolutionAttributes,
  convolutionFields,
  convolutionInfo,
  SPARSE_BELOW,
} from "./convolution.ts";

interface Attributes extends ConvolutionAttributes {
  readonly filterShape: readonly number[];
}

/**
 * Gradient of a convolution to its filter.
 *
 * @param x `(batch, inH, inW, inC)`, float32.
 * @param dy `(batch, outH, outW, outC)`, float32. Where most of it is zero, the zeros are skipped:
 * 0·∞ and 0·NaN are then 0.
 * @returns `(filterH, filterW, inC, outC)`.
 */
function conv2dBackpropFilter(
  x: TensorInfo,
  dy: TensorInfo,
  attributes: Attributes & { backend: unknown },
): TensorInfo {
  const { filterShape, backend } = attributes;
  const heap = heapOf(backend);
  const { module } = heap;
  const info = convolutionInfo(x.shape, filterShape, attributes);
  const dFilter = heap.output(filterShape);
  const size = util.sizeFromShape(dy.shape);
  const pointers = [heap.pointer(x), heap.pointer(dy), heap.pointer(dFilter)] as const;
  const isSparse = module.countNonZero(pointers[1], size) < SPARSE_BELOW * size;
  heap.withStruct(convolutionFields(info), (shape) => {
    if (isSparse) {
      heap.withScratch(
        module.conv2dFilterGradientSparseScratch(shape),
        (scratch) => module.conv2dFilterGradientSparse(shape, ...pointers, scratch),
      );
    } else {
      heap.withScratch(
        module.conv2dFilterGradientScratch(shape),
        (scratch) => module.conv2dFilterGradient(shape, ...pointers, scratch),
      );
    }
  });
  return dFilter;
}

/** tfjs's `Conv2DBackpropFilter`. */
export const conv2dBackpropFilterConfig: KernelConfig = {
  kernelName: Conv2DBackpropFilter,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) =>
    conv2dBackpropFilter(inputs.x!, inputs.dy!, {
      ...attrs as unknown as Attributes,
      backend,
    }),
};
