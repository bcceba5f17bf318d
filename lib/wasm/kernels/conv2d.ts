/**
 * `Conv2D` and `FusedConv2D`. The stock kernels keep packed filters by tensor id, so that a filter
 * written in place is not seen; these read it at every call.
 *
 * @module
 */

import {
  Conv2D,
  FusedConv2D,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { activate, activationFlags, type FusedActivation } from "./activation.ts";
import { type ConvolutionAttributes, convolutionFields, convolutionInfo } from "./convolution.ts";

interface Conv2DOptions extends ConvolutionAttributes, FusedActivation {
  readonly bias?: TensorInfo;
}

/**
 * y = activation(conv(x, filter) + bias).
 *
 * @param x `(batch, inH, inW, inC)`, float32.
 * @param filter `(filterH, filterW, inC, outC)`, float32.
 * @returns `(batch, outH, outW, outC)`.
 * @throws {RangeError} If the images are channels first, or a bias is not one value a filter.
 */
function conv2d(
  x: TensorInfo,
  filter: TensorInfo,
  options: Conv2DOptions & { backend: unknown },
): TensorInfo {
  const { bias, backend } = options;
  const heap = heapOf(backend);
  const info = convolutionInfo(x.shape, filter.shape, options);
  const y = heap.output(info.outShape);
  if (util.sizeFromShape(info.outShape) === 0) return y;
  if (bias && util.sizeFromShape(bias.shape) !== info.outChannels) {
    throw new RangeError(
      `Cannot add a bias to a convolution: it must have ${info.outChannels} values, ` +
        `got shape [${bias.shape}]`,
    );
  }
  heap.withStruct(
    convolutionFields(info),
    (shape) =>
      heap.withScratch(heap.module.conv2dScratch(shape), (scratch) =>
        heap.module.conv2d(
          shape,
          heap.pointer(x),
          heap.pointer(filter),
          heap.pointer(y),
          bias ? heap.pointer(bias) : 0,
          activationFlags(options),
          scratch,
        )),
  );
  return activate(y, options, backend);
}

/** tfjs's `Conv2D`. */
export const conv2dConfig: KernelConfig = {
  kernelName: Conv2D,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) =>
    conv2d(inputs.x!, inputs.filter!, { ...attrs as unknown as Conv2DOptions, backend }),
};

/** tfjs's `FusedConv2D`. */
export const fusedConv2dConfig: KernelConfig = {
  kernelName: FusedConv2D,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) =>
    conv2d(
      inputs.x!,
      inputs.filter!,
      {
        ...attrs as unknown as Conv2DOptions,
        bias: inputs.bias,
        preluActivationWeights: inputs.preluActivationWeights,
        backend,
      } as Conv2DOptions & { backend: unknown },
    ),
};
