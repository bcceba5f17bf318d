/**
 * Registers the training kernels with tfjs's wasm backend, in place of its own where it has one.
 *
 * @module
 */

// The backend registers its own kernels when it is imported: they must be there to be replaced.
import "@tensorflow/tfjs-backend-wasm";
import {
  getKernel,
  type KernelConfig,
  registerGradient,
  registerKernel,
  Sum,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { adamStepConfig } from "./kernels/adam_step.ts";
import { avgPoolGradConfig } from "./kernels/avg_pool_grad.ts";
import { conv2dConfig, fusedConv2dConfig } from "./kernels/conv2d.ts";
import { conv2dBackpropFilterConfig } from "./kernels/conv2d_backprop_filter.ts";
import { conv2dBackpropInputConfig } from "./kernels/conv2d_backprop_input.ts";
import {
  depthwiseBackpropFilterConfig,
  depthwiseBackpropInputConfig,
} from "./kernels/depthwise.ts";
import { hashDropoutConfig, hashDropoutGradient } from "./kernels/dropout.ts";
import { batchMatMulConfig, fusedMatMulConfig } from "./kernels/mat_mul.ts";
import { maxPoolGradConfig } from "./kernels/max_pool_grad.ts";
import { reluGradConfig, reluGradGradient, reluGradient } from "./kernels/relu_grad.ts";
import { sgdStepConfig } from "./kernels/sgd_step.ts";
import { sumConfig } from "./kernels/sum.ts";
import { unsortedSegmentSumConfig } from "./kernels/unsorted_segment_sum.ts";

/**
 * Makes tfjs's wasm backend train: after this, `model.fit`, `tf.variableGrads` and `predict` use
 * the kernels of this module. `mod.ts` calls it when it is imported; calling it again does nothing.
 */
export function registerTrainingKernels(): void {
  if (getKernel(reluGradConfig.kernelName, "wasm") !== undefined) return;
  const configs: readonly KernelConfig[] = [
    adamStepConfig,
    avgPoolGradConfig,
    batchMatMulConfig,
    conv2dBackpropFilterConfig,
    conv2dBackpropInputConfig,
    conv2dConfig,
    depthwiseBackpropFilterConfig,
    depthwiseBackpropInputConfig,
    fusedConv2dConfig,
    fusedMatMulConfig,
    hashDropoutConfig,
    maxPoolGradConfig,
    reluGradConfig,
    sgdStepConfig,
    sumConfig(getKernel(Sum, "wasm")),
    unsortedSegmentSumConfig,
  ];
  for (const config of configs) {
    if (getKernel(config.kernelName, "wasm") !== undefined) {
      unregisterKernel(config.kernelName, "wasm");
    }
    registerKernel(config);
  }
  for (const gradient of [hashDropoutGradient, reluGradGradient, reluGradient]) {
    registerGradient(gradient);
  }
}
