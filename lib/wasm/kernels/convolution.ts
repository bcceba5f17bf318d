/**
 * What the convolution kernels share: the sizes of one convolution, from tfjs's description of it.
 * `interface/windows.ts` makes the struct of them that `assembly/convolution.ts` reads.
 *
 * @module
 */

import {
  backend_util,
  type Conv2DAttrs,
  getKernel,
  Slice,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { type Heap, heapOf } from "../heap.ts";
import type { KernelCall } from "./call.ts";

/** tfjs's attributes of a convolution; its gradients' come without `dilations`. */
export type ConvolutionAttributes = Omit<Conv2DAttrs, "dilations"> & Partial<Conv2DAttrs>;

/** A convolution's sizes. */
export type ConvolutionInfo = ReturnType<typeof backend_util.computeConv2DInfo>;

/** The shapes that a convolution is between. */
export interface ConvolutionShapes {
  /** `(batch, inH, inW, inC)`. */
  readonly x: readonly number[];
  /** `(filterH, filterW, inC, outC)`. */
  readonly filter: readonly number[];
}

/**
 * Works out a convolution.
 *
 * @throws {RangeError} If the images are channels first, or smaller than the filter by more than
 * their padding and one stride.
 */
export function convolutionInfo(
  { x, filter }: ConvolutionShapes,
  attributes: ConvolutionAttributes,
): ConvolutionInfo {
  const { strides, pad, dilations, dataFormat = "NHWC", dimRoundingMode } = attributes;
  if (dataFormat !== "NHWC") {
    throw new RangeError(
      `Cannot convolve on the wasm backend: dataFormat must be NHWC, got ${dataFormat}; ` +
        "transpose the images, or build the layer with dataFormat channelsLast",
    );
  }
  const info = backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    // Layers pass null for none.
    dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    "channelsLast",
  );
  if (info.outHeight < 0 || info.outWidth < 0) {
    throw new RangeError(
      `Cannot convolve: the filter must fit into the padded images, got [${filter}] on [${x}]`,
    );
  }
  return info;
}

/** The shapes of the convolution of all channels that has the windows of a depthwise one. */
export function ofAllChannels(
  { x, filter: [filterH = 0, filterW = 0, inC = 0, multiplier = 0] }: ConvolutionShapes,
): ConvolutionShapes {
  return { x, filter: [filterH, filterW, inC, inC * multiplier] };
}

/**
 * Works out the convolution that a gradient dy `(batch, outH, outW, outC)` belongs to. Where its
 * size could have been rounded down or up, height and width are dy's own: tfjs's gradients do not
 * pass on how the forward pass rounded them. A larger dy is the input of a transposed convolution
 * whose output shape is too small for it: as on tfjs's other backends, what has no window in that
 * shape takes no part (`withWindowsOf`).
 *
 * @throws {RangeError} As `convolutionInfo`, and if batch or channels of dy do not fit, or it has
 * fewer windows than the convolution.
 */
export function gradientInfo(
  shapes: ConvolutionShapes,
  dy: TensorInfo,
  attributes: ConvolutionAttributes,
): ConvolutionInfo {
  const info = convolutionInfo(shapes, attributes);
  const { dimRoundingMode = "ceil" } = attributes;
  const roundedUp = convolutionInfo(shapes, { ...attributes, dimRoundingMode });
  const [batch, outHeight = 0, outWidth = 0, outChannels] = dy.shape;
  if (
    batch !== info.batchSize || outChannels !== info.outChannels ||
    outHeight < info.outHeight || outWidth < info.outWidth
  ) {
    throw new RangeError(
      `Cannot take a convolution's gradient: dy must be of shape [${info.outShape}], ` +
        `got [${dy.shape}]; give a transposed convolution an output shape that its input fits`,
    );
  }
  return outHeight <= roundedUp.outHeight && outWidth <= roundedUp.outWidth
    ? { ...info, outHeight, outWidth }
    : info;
}

/**
 * Runs `use` with the part of a gradient dy that a convolution has windows for, which begins at its
 * first pixel.
 *
 * @param info Of `gradientInfo`.
 */
export function withWindowsOf<T>(
  info: ConvolutionInfo,
  dy: TensorInfo,
  backend: KernelCall["backend"],
  use: (dy: TensorInfo) => T,
): T {
  return withPart(dy, [info.outHeight, info.outWidth], backend, use);
}

/** Runs `use` with the first rows and columns of images `(batch, height, width, channels)`. */
export function withPart<T>(
  images: TensorInfo,
  [height, width]: readonly [height: number, width: number],
  backend: KernelCall["backend"],
  use: (part: TensorInfo) => T,
): T {
  const [batch, wholeHeight, wholeWidth, channels] = images.shape;
  if (wholeHeight === height && wholeWidth === width) return use(images);
  const part = getKernel(Slice, "wasm").kernelFunc({
    inputs: { x: images },
    attrs: { begin: [0, 0, 0, 0], size: [batch!, height, width, channels!] },
    backend,
  }) as TensorInfo;
  try {
    return use(part);
  } finally {
    heapOf(backend).dispose(part);
  }
}

/** A function of the module that works on a convolution. */
export interface ConvolutionCall {
  /** Bytes of scratch that it takes for the struct at `shape`. */
  scratchBytes(shape: number): number;
  run(shape: number, scratch: number): void;
}

/** Calls a function of the module with a struct of these fields and the scratch that it takes. */
export function callConvolution(
  heap: Heap,
  fields: readonly number[],
  { scratchBytes, run }: ConvolutionCall,
): void {
  heap.withStruct(
    fields,
    (shape) => heap.withScratch(scratchBytes(shape), (scratch) => run(shape, scratch)),
  );
}

/** A function of the module that takes its filter prepared. */
export interface PreparedCall {
  /** Bytes that `prepare` writes for the struct at `shape`. */
  preparedBytes(shape: number): number;
  prepare(shape: number, prepared: number): void;
  /** Bytes of scratch that `run` takes. */
  scratchBytes(shape: number): number;
  run(shape: number, prepared: number, scratch: number): void;
}

/** As `callConvolution`, with a filter that is prepared for this one call. */
export function callPrepared(
  heap: Heap,
  fields: readonly number[],
  { preparedBytes, prepare, scratchBytes, run }: PreparedCall,
): void {
  heap.withStruct(fields, (shape) =>
    heap.withScratch(preparedBytes(shape), (prepared) => {
      prepare(shape, prepared);
      heap.withScratch(scratchBytes(shape), (scratch) => run(shape, prepared, scratch));
    }));
}
