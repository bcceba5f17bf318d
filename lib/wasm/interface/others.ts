/**
 * The kernels that are neither products nor convolutions.
 *
 * @module
 */

import type { BatchNormKernels } from "./batch_norm.ts";

/** Functions of `assembly/max_pool.ts`, `max_pool_gradient.ts` and `avg_pool.ts`. */
export interface PoolingKernels {
  maxPool(shape: number, images: number, x: number, y: number, codes: number): void;
  maxPoolGradientFromCodes(
    shape: number,
    images: number,
    dy: number,
    codes: number,
    dx: number,
  ): void;
  maxPoolGradient(shape: number, images: number, x: number, dy: number, dx: number): void;
  avgPool(shape: number, images: number, x: number, y: number): void;
  avgPoolGradient(shape: number, images: number, dy: number, x: number, dx: number): void;
}

/** Functions of `assembly/elementwise.ts`, `dropout.ts`, `reduce.ts` and `softmax.ts`. */
export interface ElementwiseKernels {
  reluGradient(y: number, dy: number, n: number, scale: number, dx: number): void;
  squareGradient(x: number, dy: number, n: number, dx: number): void;
  add(x: number, y: number, n: number, relu: number, out: number): void;
  dropout(
    x: number,
    n: number,
    first: number,
    seed: number,
    threshold: number,
    scale: number,
    y: number,
  ): void;
  sumRows(x: number, rows: number, columns: number, out: number): void;
  meanRows(x: number, rows: number, columns: number, out: number): void;
  repeatRow(row: number, rows: number, columns: number, scale: number, out: number): void;
  addRowSums(x: number, rows: number, columns: number, out: number): void;
  softmax(x: number, rows: number, columns: number, y: number): void;
  softmaxCrossEntropy(
    logits: number,
    labels: number,
    rows: number,
    classes: number,
    losses: number,
    scratch: number,
  ): void;
  softmaxCrossEntropyGradient(
    logits: number,
    labels: number,
    rows: number,
    classes: number,
    gain: number,
    probabilities: number,
    dLogits: number,
  ): void;
}

/** Functions of `assembly/optimizer.ts`. */
export interface OptimizerKernels {
  adam(
    weights: number,
    first: number,
    second: number,
    gradients: number,
    parts: number,
    partPitch: number,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    secondCorrection: number,
    epsilon: number,
    decay: number,
  ): void;
  sgd(
    weights: number,
    velocity: number,
    gradients: number,
    parts: number,
    partPitch: number,
    n: number,
    rate: number,
    momentum: number,
    decay: number,
    nesterov: number,
  ): void;
}

/** Functions of `assembly/depthwise.ts` and `segment_sum.ts`, for the drop-in alone. */
export interface DropInKernels {
  depthwiseFilterGradient(
    shape: number,
    images: number,
    x: number,
    dy: number,
    dFilter: number,
  ): void;
  depthwiseInputGradient(
    shape: number,
    images: number,
    dy: number,
    filter: number,
    dx: number,
  ): void;
  unsortedSegmentSum(
    x: number,
    ids: number,
    rows: number,
    columns: number,
    segments: number,
    out: number,
  ): void;
}

/** All of them. */
export interface OtherKernels
  extends PoolingKernels, ElementwiseKernels, OptimizerKernels, BatchNormKernels, DropInKernels {}
