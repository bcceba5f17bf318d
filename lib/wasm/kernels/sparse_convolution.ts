/**
 * What the gradients of a convolution share where most of dy is zero.
 *
 * @module
 */

import type { Heap } from "../heap.ts";
import { convolutionFields } from "../interface/windows.ts";
import { type ConvolutionInfo } from "./convolution.ts";

/**
 * Whether dy, of this size, is to go to the sparse gradients. They do the same arithmetic without
 * the zeros, at about a third of the dense kernels' rate: where a quarter of dy or less is not
 * zero, they are the faster ones. An empty dy counts as sparse: the dense kernels take none.
 */
export function isSparse(heap: Heap, dy: number, size: number): boolean {
  return heap.module.countNonZero(dy, size) <= size / 4;
}

/** A function of the module that takes one image's dy as lists. */
export interface SparseCall {
  /** Bytes of scratch that it takes for the struct at `shape`. */
  scratchBytes(shape: number): number;
  /** Runs it for image number `image`. */
  run(shape: number, image: number, lists: number, scratch: number): void;
}

/** Calls a function of the module for each image, with the lists of its dy. */
export function callSparse(
  heap: Heap,
  info: ConvolutionInfo,
  dy: number,
  { scratchBytes, run }: SparseCall,
): void {
  const { module } = heap;
  const dyBytes = info.outHeight * info.outWidth * info.outChannels * 4;
  heap.withStruct(
    convolutionFields(info),
    (shape) =>
      heap.withScratch(
        module.conv2dListsBytes(shape),
        (lists) =>
          heap.withScratch(scratchBytes(shape), (scratch) => {
            for (let image = 0; image < info.batchSize; image++) {
              module.conv2dListsFromDense(shape, dy + image * dyBytes, lists);
              run(shape, image, lists, scratch);
            }
          }),
      ),
  );
}
