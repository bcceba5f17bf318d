/**
 * `Identity`, of which each operation that is to be differentiated saves its operands. The stock
 * kernel copies all values; tensors may share them, as they do on the other backends.
 *
 * @module
 */

import {
  Identity,
  type KernelBackend,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { KernelCall, Operands } from "./call.ts";

function identity({ inputs, backend }: KernelCall): TensorInfo {
  const { dataId, shape, dtype } = (inputs as Operands<"x">).x;
  (backend as KernelBackend).incRef(dataId);
  return { dataId, shape, dtype };
}

/** tfjs's `Identity`. */
export const identityConfig: KernelConfig = {
  kernelName: Identity,
  backendName: "wasm",
  kernelFunc: identity,
};
