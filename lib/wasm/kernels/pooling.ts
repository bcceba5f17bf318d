/**
 * What the kernels of pooling share: the sizes of one pooling, from tfjs's description of it.
 * `interface/windows.ts` makes the struct of them that `assembly/pooling.ts` reads.
 *
 * @module
 */

import { backend_util, type MaxPoolGradAttrs, type TensorInfo } from "@tensorflow/tfjs-core";

/** tfjs's attributes of a pooling's gradient; average pooling's come without a rounding mode. */
export type PoolingAttributes =
  & Omit<MaxPoolGradAttrs, "dimRoundingMode">
  & Partial<MaxPoolGradAttrs>;

/** The tensors that a pooling's gradient is between. */
export interface PoolingTensors {
  /** The input of the forward pass, `(batch, inH, inW, channels)`. */
  readonly input: TensorInfo;
  /** `(batch, outH, outW, channels)`. Height and width may be those of any rounding. */
  readonly dy: TensorInfo;
}

/**
 * Works out the pooling that a gradient belongs to. Height and width of the output are dy's own.
 *
 * @throws {RangeError} If batch or channels of dy do not fit.
 */
export function poolingInfo(
  { input, dy }: PoolingTensors,
  { filterSize, strides, pad, dimRoundingMode }: PoolingAttributes,
): backend_util.Conv2DInfo {
  const info = backend_util.computePool2DInfo(
    input.shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  const [batch, outHeight, outWidth, channels] = dy.shape;
  if (batch !== info.batchSize || channels !== info.inChannels) {
    throw new RangeError(
      `Cannot take a pooling's gradient: dy must be of shape [${info.outShape}], got [${dy.shape}]`,
    );
  }
  return { ...info, outHeight: outHeight!, outWidth: outWidth! };
}
