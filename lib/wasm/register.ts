/**
 * Registers the training kernels with tfjs's wasm backend, in place of its own where it has one.
 *
 * @module
 */

// The backend registers its own kernels when it is imported: they must be there to be replaced.
import "@tensorflow/tfjs-backend-wasm";
import {
  AvgPool,
  DepthwiseConv2dNative,
  FusedBatchNorm,
  FusedDepthwiseConv2D,
  getKernel,
  type KernelConfig,
  MaxPool,
  Mean,
  registerGradient,
  registerKernel,
  Sum,
  unregisterKernel,
} from "@tensorflow/tfjs-core";
import { adamStepConfig } from "./kernels/adam_step.ts";
import { avgPoolGradConfig } from "./kernels/avg_pool_grad.ts";
import {
  fusedBatchNormConfig,
  fusedBatchNormGradConfig,
  fusedBatchNormGradient,
} from "./kernels/batch_norm.ts";
import { conv2dConfig, fusedConv2dConfig } from "./kernels/conv2d.ts";
import { conv2dBackpropFilterConfig } from "./kernels/conv2d_backprop_filter.ts";
import { conv2dBackpropInputConfig } from "./kernels/conv2d_backprop_input.ts";
import {
  depthwiseBackpropFilterConfig,
  depthwiseBackpropInputConfig,
} from "./kernels/depthwise.ts";
import { depthwiseConfig } from "./kernels/depthwise_conv2d.ts";
import { hashDropoutConfig, hashDropoutGradient } from "./kernels/dropout.ts";
import { overrideGradient } from "./kernels/gradient.ts";
import { identityConfig } from "./kernels/identity.ts";
import { batchMatMulConfig, fusedMatMulConfig } from "./kernels/mat_mul.ts";
import { maxPoolGradConfig } from "./kernels/max_pool_grad.ts";
import { avgPoolConfig, maxPoolConfig } from "./kernels/pool.ts";
import { meanConfig, meanGradConfig, meanGradient, sumConfig } from "./kernels/reduce.ts";
import { reluGradConfig, reluGradient } from "./kernels/relu_grad.ts";
import { sgdStepConfig } from "./kernels/sgd_step.ts";
import {
  softmaxCrossEntropyConfig,
  softmaxCrossEntropyGradient,
} from "./kernels/softmax_cross_entropy.ts";
import { squareGradConfig, squareGradient } from "./kernels/square_grad.ts";
import { unsortedSegmentSumConfig } from "./kernels/unsorted_segment_sum.ts";

/**
 * Makes tfjs's wasm backend train: after this, `model.fit`, `tf.variableGrads` and `predict` use
 * the kernels of this module. `mod.ts` calls it when it is imported; calling it again does nothing.
 */
export function registerTrainingKernels(): void {
  if (getKernel(reluGradConfig.kernelName, "wasm") !== undefined) return;
  const configs: readonly KernelConfig[] = [
    adamStepConfig,
    avgPoolConfig(getKernel(AvgPool, "wasm")),
    avgPoolGradConfig,
    batchMatMulConfig,
    conv2dBackpropFilterConfig,
    conv2dBackpropInputConfig,
    conv2dConfig,
    depthwiseBackpropFilterConfig,
    depthwiseBackpropInputConfig,
    depthwiseConfig(getKernel(DepthwiseConv2dNative, "wasm")),
    depthwiseConfig(getKernel(FusedDepthwiseConv2D, "wasm")),
    fusedBatchNormConfig(getKernel(FusedBatchNorm, "wasm")),
    fusedBatchNormGradConfig,
    fusedConv2dConfig,
    fusedMatMulConfig,
    hashDropoutConfig,
    identityConfig,
    maxPoolConfig(getKernel(MaxPool, "wasm")),
    maxPoolGradConfig,
    meanConfig(getKernel(Mean, "wasm")),
    meanGradConfig,
    // tfjs registers its gradients when it is imported, which may be after this module: what is
    // set up with the backend is set up after both.
    { ...reluGradConfig, setupFunc: overrideGradients },
    sgdStepConfig,
    softmaxCrossEntropyConfig,
    squareGradConfig,
    sumConfig(getKernel(Sum, "wasm")),
    unsortedSegmentSumConfig,
  ];
  for (const config of configs) {
    if (getKernel(config.kernelName, "wasm") !== undefined) {
      unregisterKernel(config.kernelName, "wasm");
    }
    registerKernel(config);
  }
  registerGradient(hashDropoutGradient);
  registerGradient(softmaxCrossEntropyGradient);
  overrideGradients();
}

/** The gradients of tfjs that a kernel of this module replaces. */
function overrideGradients(): void {
  for (const override of [fusedBatchNormGradient, meanGradient, reluGradient, squareGradient]) {
    overrideGradient(override);
  }
}
