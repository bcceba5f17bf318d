/**
 * All that is timed of the module itself.
 *
 * @module
 */

import { batchNormCases } from "./batch_norm_cases.ts";
import { denseCases } from "./dense_cases.ts";
import { dropInCases } from "./drop_in_cases.ts";
import { elementwiseCases } from "./elementwise_cases.ts";
import type { KernelCase } from "./kernel_case.ts";
import { optimizerCases } from "./optimizer_cases.ts";
import { poolingCases } from "./pooling_cases.ts";
import { sparseCases } from "./sparse_cases.ts";

/** The kernels, each at the sizes that the networks ask of it, on so many images. */
export function kernelCases(images: number): KernelCase[] {
  return [
    ...denseCases(images),
    ...sparseCases(images),
    ...poolingCases(images),
    ...elementwiseCases(images),
    ...batchNormCases(images),
    ...optimizerCases(),
    ...dropInCases(images),
  ];
}
