/**
 * All that is timed of the module itself.
 *
 * @module
 */

import { denseCases } from "./dense_cases.ts";
import type { KernelCase } from "./kernel_case.ts";
import { otherCases } from "./other_cases.ts";

/** The kernels, each at the sizes that the networks ask of it, on so many images. */
export function kernelCases(images: number): KernelCase[] {
  return [...denseCases(images), ...otherCases(images)];
}
