/**
 * `Conv2DBackpropInput`, also the forward pass of a transposed convolution. The stock kernel is
 * scalar loops.
 *
 * @module
 */

import {
  Conv2DBackpropInput,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import {
  type ConvolutionAttributes,
  convolutionFields,
  convolutionInfo,
  inputGradientFields,
  SPARSE_BELOW,
} from "./convolution.ts";

interface Attributes extends ConvolutionAttributes {
  readonly inputShape: readonly number[];
}

/**
 * Gradient of a convolution to its input.
 *
 * @param dy `(batch, outH, outW, outC)`, float32. Where most of it is zero, the zeros are skipped:
 * 0·∞ and 0·NaN are then 0.
 * @param filter `(filterH, filterW, inC, outC)`, float32.
 * @returns `(batch, inH, inW, inC)`.
 */
function conv2dBackpropInput(
  dy: TensorInfo,
  filter: TensorInfo,
  attributes: Attributes & { backend: unknown },
): TensorInfo {
  const { inputShape, backend } = attributes;
  const heap = heapOf(backend);
  const { module } = heap;
  const info = convolutionInfo(inputShape, filter.shape, attributes);
  const dx = heap.output(inputShape);
  const size = util.sizeFromShape(dy.shape);
  const pointers = [heap.pointer(dy), heap.pointer(filter), heap.pointer(dx)] as const;
  if (module.countNonZero(pointers[0], size) < SPARSE_BELOW * size) {
    heap.withStruct(
      convolutionFields(info),
      (shape) =>
        heap.withScratch(
          module.conv2dInputGradientSparseScratch(shape),
          (scratch) => module.conv2dInputGradientSparse(shape, ...pointers, scratch),
        ),
    );
    return dx;
  }
  heap.withScratch(util.sizeFromShape(filter.shape) * 4, (reversed) => {
    const [dyPointer, filterPointer, dxPointer] = pointers;
    module.reverseFilter(
      filterPointer,
      info.filterHeight * info.filterWidth,
      info.inChannels,
      info.outChannels,
      reversed,
    );
    heap.withStruct(
      inputGradientFields(info),
      (shape) =>
        heap.withScratch(
          module.conv2dScratch(shape),
          (scratch) => module.conv2d(shape, dyPointer, reversed, dxPointer, 0, 0, scratch),
        ),
    );
  });
  return dx;
}

/** tfjs's `Conv2DBackpropInput`. */
export const conv2dBackpropInputConfig: KernelConfig = {
  kernelName: Conv2DBackpropInput,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) =>
    conv2dBackpropInput(inputs.dy!, inputs.filter!, {
      ...attrs as unknown as Attributes,
      backend,
    }),
};
