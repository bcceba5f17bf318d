/**
 * `BatchMatMul` and `_FusedMatMul`: all transpositions, batches with broadcasting, bias and
 * activation. The stock kernels are scalar where anything is transposed or batched, add the bias
 * once for each block of k, and keep packed operands by tensor id without regard to shape.
 *
 * @module
 */

import {
  _FusedMatMul,
  type _FusedMatMulAttrs,
  type _FusedMatMulInputs,
  BatchMatMul,
  broadcast_util,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { createActivation } from "./activation.ts";
import { biasPointer } from "./bias.ts";
import type { KernelCall } from "./call.ts";

/**
 * C = activation(op(A)·op(B) + bias), for A `(…, m, k)`, or `(…, k, m)` where transposed, and B
 * `(…, k, n)`, or `(…, n, k)`; leading axes broadcast. C is `(…, m, n)`, the bias n values or none.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If the inner sizes differ, or a bias is not one value a column.
 */
function matMul(call: KernelCall): TensorInfo {
  const { a, b, bias, preluActivationWeights } = call.inputs as unknown as _FusedMatMulInputs;
  const attributes = call.attrs as unknown as _FusedMatMulAttrs;
  const { transposeA, transposeB } = attributes;
  const heap = heapOf(call.backend);
  const { module } = heap;
  const [m, k] = matrixShape(a, transposeA);
  const [innerB, n] = matrixShape(b, transposeB);
  if (k !== innerB) {
    throw new RangeError(
      `Cannot multiply matrices: inner sizes must be equal, got [${a.shape}]${
        transposeA ? "ᵀ" : ""
      } and [${b.shape}]${transposeB ? "ᵀ" : ""}`,
    );
  }
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batch = broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const activation = createActivation(attributes, preluActivationWeights);
  const aAt = heap.pointer(a);
  const bAt = heap.pointer(b);
  const biasAt = biasPointer(heap, bias, n);
  const c = heap.output([...batch, m, n]);
  const count = util.sizeFromShape(batch);
  if (count * m * n === 0) return c;
  const cAt = heap.pointer(c);
  const stridesA = batchStrides(batchA, batch);
  const stridesB = batchStrides(batchB, batch);
  heap.withScratch(module.matMulScratch(n, k), (scratch) => {
    for (let i = 0; i < count; i++) {
      module.matMul(
        aAt + matrixAt(i, batch, stridesA) * m * k * 4,
        transposeA ? 4 : k * 4,
        transposeA ? m * 4 : 4,
        bAt + matrixAt(i, batch, stridesB) * k * n * 4,
        transposeB ? 4 : n * 4,
        transposeB ? k * 4 : 4,
        cAt + i * m * n * 4,
        n * 4,
        m,
        n,
        k,
        biasAt,
        activation.flags,
        scratch,
      );
    }
  });
  return activation.apply(c, call.backend);
}

function matrixShape({ shape }: TensorInfo, transposed: boolean): [number, number] {
  const rows = shape.at(-2)!;
  const columns = shape.at(-1)!;
  return transposed ? [columns, rows] : [rows, columns];
}

/** Matrices from one index of each batch axis to the next; 0 along axes that are broadcast. */
function batchStrides(own: readonly number[], batch: readonly number[]): number[] {
  const strides = new Array<number>(batch.length).fill(0);
  let stride = 1;
  for (let axis = own.length - 1; axis >= 0; axis--) {
    if (own[axis] !== 1) strides[axis + batch.length - own.length] = stride;
    stride *= own[axis]!;
  }
  return strides;
}

/** The matrix of one operand that stands at index i of the result's batch. */
function matrixAt(i: number, batch: readonly number[], strides: readonly number[]): number {
  let matrix = 0;
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    matrix += (i % batch[axis]!) * strides[axis]!;
    i = Math.floor(i / batch[axis]!);
  }
  return matrix;
}

/** tfjs's `BatchMatMul`. */
export const batchMatMulConfig: KernelConfig = {
  kernelName: BatchMatMul,
  backendName: "wasm",
  kernelFunc: matMul,
};

/** tfjs's `_FusedMatMul`. */
export const fusedMatMulConfig: KernelConfig = {
  kernelName: _FusedMatMul,
  backendName: "wasm",
  kernelFunc: matMul,
};
