/**
 * `UnsortedSegmentSum`, the gradient of `gather` and so of an embedding, which the wasm backend
 * lacks.
 *
 * @module
 */

import {
  type KernelConfig,
  type TensorInfo,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";

/**
 * Sums the rows of x `(rows, …)` by `segmentIds` `(rows)` into `(numSegments, …)`. A row whose id is
 * no segment is left out, as on tfjs's cpu backend.
 *
 * @throws {TypeError} If x is not float32, or the ids are not int32.
 * @throws {RangeError} If there is not one id a row.
 */
function unsortedSegmentSum({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, segmentIds } = inputs as Operands<"x" | "segmentIds">;
  const { numSegments } = attrs as unknown as UnsortedSegmentSumAttrs;
  const [rows = 0, ...rest] = x.shape;
  if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== rows) {
    throw new RangeError(
      `Cannot sum by segment: segmentIds must be of shape [${rows}], got [${segmentIds.shape}]`,
    );
  }
  const heap = heapOf(backend);
  const xAt = heap.pointer(x);
  const idsAt = heap.pointer(segmentIds, "int32");
  const out = heap.output([numSegments, ...rest]);
  heap.module.unsortedSegmentSum(
    xAt,
    idsAt,
    rows,
    util.sizeFromShape(rest),
    numSegments,
    heap.pointer(out),
  );
  return out;
}

/** tfjs's `UnsortedSegmentSum`. */
export const unsortedSegmentSumConfig: KernelConfig = {
  kernelName: UnsortedSegmentSum,
  backendName: "wasm",
  kernelFunc: unsortedSegmentSum,
};
