/**
 * What tfjs hands to a kernel.
 *
 * @module
 */

import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";

/** Named tensors, attributes and the backend; each kernel narrows them to its own. */
export type KernelCall = Parameters<KernelConfig["kernelFunc"]>[0];

/** Tensors by name, all of them there. */
export type Operands<Name extends string> = Readonly<Record<Name, TensorInfo>>;
