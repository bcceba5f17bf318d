/**
 * The bias of a fused kernel.
 *
 * @module
 */

import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Heap } from "../heap.ts";

/**
 * Where a bias lies, 0 for none: what the module takes.
 *
 * @param bias One value for each of `columns`, along its last axis; other axes of length 1.
 * @throws {TypeError} If it is not float32.
 * @throws {RangeError} If it is of another shape.
 */
export function biasPointer(
  heap: Heap,
  bias: TensorInfo | null | undefined,
  columns: number,
): number {
  if (bias === null || bias === undefined) return 0;
  if (util.sizeFromShape(bias.shape) !== columns || (bias.shape.at(-1) ?? 1) !== columns) {
    throw new RangeError(
      `Cannot run a fused kernel: the bias must be of shape [${columns}], got [${bias.shape}]; ` +
        "add it by tf.add",
    );
  }
  return heap.pointer(bias);
}
