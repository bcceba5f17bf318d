/**
 * Softmax and cross-entropy in one, which tfjs composes of some ten kernels.
 *
 * @module
 */

import {
  cast,
  engine,
  expandDims,
  type GradConfig,
  type KernelConfig,
  logSoftmax,
  mul,
  neg,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type TensorInfo,
  tidy,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";

const SoftmaxCrossEntropy = "edgedoor/SoftmaxCrossEntropy";

function crossEntropy({ inputs, backend }: KernelCall): TensorInfo {
  const { labels, logits } = inputs as Operands<"labels" | "logits">;
  util.assertShapesMatch(labels.shape, logits.shape, "Cannot take a cross-entropy: ");
  const [rows = 0, classes = 0] = logits.shape;
  const heap = heapOf(backend);
  const logitsAt = heap.pointer(logits);
  const labelsAt = heap.pointer(labels);
  const losses = heap.output([rows]);
  const lossesAt = heap.pointer(losses);
  heap.module.fill(lossesAt, rows * 4);
  if (classes === 0) return losses;
  heap.withScratch(
    classes * 4,
    (scratch) =>
      heap.module.softmaxCrossEntropy(logitsAt, labelsAt, rows, classes, lossesAt, scratch),
  );
  return losses;
}

/** The kernel behind `softmaxCrossEntropy`. */
export const softmaxCrossEntropyConfig: KernelConfig = {
  kernelName: SoftmaxCrossEntropy,
  backendName: "wasm",
  kernelFunc: crossEntropy,
};

/** Its gradients: to the logits, softmax · Σ labels − labels; to the labels, −ln softmax. */
export const softmaxCrossEntropyGradient: GradConfig = {
  kernelName: SoftmaxCrossEntropy,
  inputsToSave: ["labels", "logits"],
  gradFunc: (dys, saved) => {
    const [labels, logits] = saved as [Tensor2D, Tensor2D];
    const dy = expandDims(dys as Tensor1D, 1);
    return {
      logits: () => mul(dy, sub(mul(softmax(logits), sum(labels, 1, true)), labels)),
      labels: () => mul(dy, neg(logSoftmax(logits))),
    };
  },
};

/**
 * The cross-entropy between the softmax of logits and their labels. As a loss of `model.compile` it
 * takes the place of `categoricalCrossentropy` behind a last layer without activation, also of a
 * model of sequences, `(N, T, classes)`.
 *
 * @param labels `(…, classes)`, one-hot or any distribution; of any type that numbers have.
 * @param logits `(…, classes)`, float32.
 * @returns `(…)`, in nats. Differentiable.
 * @throws {Error} If the shapes differ, or have no axis of classes.
 * @throws {TypeError} If the logits are not float32.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { softmaxCrossEntropy } from "../mod.ts";
 * import assert from "node:assert/strict";
 *
 * await tf.setBackend("wasm");
 * const losses = softmaxCrossEntropy(tf.tensor2d([[1, 0]]), tf.tensor2d([[3, 3]]));
 * assert.ok(Math.abs(losses.dataSync()[0]! - Math.LN2) < 1e-6);
 * ```
 */
export function softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor {
  const what = "Cannot take a cross-entropy: ";
  util.assertShapesMatch(labels.shape, logits.shape, what);
  const classes = logits.shape.at(-1);
  if (classes === undefined) throw new Error(`${what}logits must be (…, classes), got one number`);
  const shape = logits.shape.slice(0, -1);
  const rows = util.sizeFromShape(shape);
  return tidy(() => {
    const losses = engine().runKernel<Tensor>(SoftmaxCrossEntropy, {
      labels: reshape(cast(labels, "float32"), [rows, classes]),
      logits: reshape(logits, [rows, classes]),
    });
    return reshape(losses, shape);
  });
}
