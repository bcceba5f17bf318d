/**
 * `Conv2D` and `FusedConv2D`. The stock kernels keep packed filters by tensor id, so that a filter
 * written in place is not seen; these read it at every call.
 *
 * @module
 */

import {
  Conv2D,
  FusedConv2D,
  type FusedConv2DAttrs,
  type FusedConv2DInputs,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { convolutionFields } from "../interface/windows.ts";
import { createActivation } from "./activation.ts";
import { biasPointer } from "./bias.ts";
import type { KernelCall } from "./call.ts";
import { callPrepared, convolutionInfo } from "./convolution.ts";

/**
 * y = activation(conv(x, filter) + bias), for x `(batch, inH, inW, inC)`, the filter
 * `(filterH, filterW, inC, outC)`, a bias of outC values or none, y `(batch, outH, outW, outC)`.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If the images are channels first, or a bias is not one value a filter.
 */
function conv2d(call: KernelCall): TensorInfo {
  const { x, filter, bias, preluActivationWeights } = call.inputs as unknown as FusedConv2DInputs;
  const attributes = call.attrs as unknown as FusedConv2DAttrs;
  const heap = heapOf(call.backend);
  const { module } = heap;
  const info = convolutionInfo({ x: x.shape, filter: filter.shape }, attributes);
  const activation = createActivation(attributes, preluActivationWeights);
  const xAt = heap.pointer(x);
  const filterAt = heap.pointer(filter);
  const biasAt = biasPointer(heap, bias, info.outChannels);
  const y = heap.output(info.outShape);
  if (util.sizeFromShape(info.outShape) === 0) return y;
  const yAt = heap.pointer(y);
  callPrepared(heap, convolutionFields(info), {
    preparedBytes: module.conv2dPreparedBytes,
    prepare: (shape, prepared) => module.conv2dPrepare(shape, filterAt, prepared),
    scratchBytes: module.conv2dScratch,
    run: (shape, prepared, scratch) =>
      module.conv2d(
        shape,
        info.batchSize,
        xAt,
        prepared,
        yAt,
        biasAt,
        activation.flags,
        scratch,
      ),
  });
  return activation.apply(y, call.backend);
}

/** tfjs's `Conv2D`. */
export const conv2dConfig: KernelConfig = {
  kernelName: Conv2D,
  backendName: "wasm",
  kernelFunc: conv2d,
};

/** tfjs's `FusedConv2D`. */
export const fusedConv2dConfig: KernelConfig = {
  kernelName: FusedConv2D,
  backendName: "wasm",
  kernelFunc: conv2d,
};
