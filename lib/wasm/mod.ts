/**
 * tfjs's wasm backend made to train. Importing this module is all it takes (`README.md` says what it
 * replaces, and why):
 *
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import "./mod.ts";
 *
 * await tf.setBackend("wasm");
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: "relu" }),
 *     tf.layers.flatten(),
 *     tf.layers.dense({ units: 2, activation: "softmax" }),
 *   ],
 * });
 * model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
 * await model.fit(tf.randomNormal([16, 8, 8, 1]), tf.oneHot(tf.zeros([16], "int32"), 2), {
 *   verbose: 0,
 * });
 * ```
 *
 * It depends on `@tensorflow/tfjs-core` and `@tensorflow/tfjs-backend-wasm` alone.
 *
 * @module
 */

import { registerTrainingKernels } from "./register.ts";

export { Adam } from "./adam.ts";
export { setKernelBuild } from "./heap.ts";
export type { AdamOptions } from "./kernels/adam_step.ts";
export { hashDropout } from "./kernels/dropout.ts";
export type { SgdOptions } from "./kernels/sgd_step.ts";
export type { KernelBuild } from "./module.ts";
export { registerTrainingKernels } from "./register.ts";
export { softmaxCrossEntropy } from "./kernels/softmax_cross_entropy.ts";
export { Sgd } from "./sgd.ts";

registerTrainingKernels();
