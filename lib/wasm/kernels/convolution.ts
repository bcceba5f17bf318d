/**
 * What the convolution kernels share: the sizes of one convolution, from tfjs's description of it
 * to the struct that `assembly/convolution.ts` reads.
 *
 * @module
 */

import { backend_util } from "@tensorflow/tfjs-core";

/** tfjs's attributes of a convolution and of its gradients. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  readonly dilations?: number | [number, number];
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** A convolution's sizes. */
export type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

/**
 * Works out a convolution.
 *
 * @param xShape `(batch, inH, inW, inC)`.
 * @param filterShape `(filterH, filterW, inC, outC)`.
 * @throws {RangeError} If the images are channels first.
 */
export function convolutionInfo(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): ConvolutionInfo {
  const { strides, pad, dilations = 1, dataFormat = "NHWC", dimRoundingMode } = attributes;
  if (dataFormat !== "NHWC") {
    throw new RangeError(
      `Cannot convolve on the wasm backend: dataFormat must be NHWC, got ${dataFormat}; ` +
        "transpose the images, or build the layer with dataFormat channelsLast",
    );
  }
  return backend_util.computeConv2DInfo(
    xShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    "channelsLast",
  );
}

/** The fields of the struct `Convolution`, in order, for the convolution itself. */
export function convolutionFields(info: ConvolutionInfo): number[] {
  return [
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
    info.dilationHeight,
    info.dilationWidth,
    1,
    1,
  ];
}

/**
 * The fields of the convolution that takes dy to dx: over dy with stride − 1 zeros between its
 * pixels, by the reversed filter, padded by what is left of the window.
 */
export function inputGradientFields(info: ConvolutionInfo): number[] {
  return [
    info.batchSize,
    info.outHeight,
    info.outWidth,
    info.outChannels,
    info.filterHeight,
    info.filterWidth,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    1,
    1,
    (info.filterHeight - 1) * info.dilationHeight - info.padInfo.top,
    (info.filterWidth - 1) * info.dilationWidth - info.padInfo.left,
    info.dilationHeight,
    info.dilationWidth,
    info.strideHeight,
    info.strideWidth,
  ];
}

/**
 * Below this share of non-zero values in dy, the sparse gradients are the faster ones. They do the
 * same arithmetic without the zeros, at about a third of the dense kernels' rate.
 */
export const SPARSE_BELOW = 0.25;
