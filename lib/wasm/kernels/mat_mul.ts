/**
 * `BatchMatMul` and `_FusedMatMul`: all transpositions, batches with broadcasting, bias and
 * activation. The stock kernels are scalar where anything is transposed or batched, add the bias
 * once for each block of k, and keep packed operands by tensor id without regard to shape.
 *
 * @module
 */

import {
  _FusedMatMul,
  BatchMatMul,
  broadcast_util,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { activate, activationFlags, type FusedActivation } from "./activation.ts";

interface MatMulOptions extends FusedActivation {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias?: TensorInfo;
}

/**
 * C = activation(op(A)·op(B) + bias).
 *
 * @param a `(…, m, k)`, or `(…, k, m)` where transposed; float32.
 * @param b `(…, k, n)`, or `(…, n, k)` where transposed; leading axes broadcast with those of a.
 * @returns `(…, m, n)`.
 * @throws {RangeError} If the inner sizes differ, or a bias is not one value a column.
 */
function matMul(
  a: TensorInfo,
  b: TensorInfo,
  options: MatMulOptions & { backend: unknown },
): TensorInfo {
  const { transposeA, transposeB, bias, backend } = options;
  const heap = heapOf(backend);
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
  const y = heap.output([...batch, m, n]);
  const count = util.sizeFromShape(batch);
  if (count * m * n === 0) return y;
  const pointerA = heap.pointer(a);
  const pointerB = heap.pointer(b);
  const pointerY = heap.pointer(y);
  const strides = { a: batchStrides(batchA, batch), b: batchStrides(batchB, batch) };
  heap.withScratch(heap.module.matMulScratch(n), (scratch) => {
    for (let i = 0; i < count; i++) {
      heap.module.matMul(
        pointerA + offsetOf(i, batch, strides.a) * m * k * 4,
        transposeA ? 4 : k * 4,
        transposeA ? m * 4 : 4,
        pointerB + offsetOf(i, batch, strides.b) * k * n * 4,
        transposeB ? 4 : n * 4,
        transposeB ? k * 4 : 4,
        pointerY + i * m * n * 4,
        m,
        n,
        k,
        biasPointer(bias, n, options),
        activationFlags(options),
        scratch,
      );
    }
  });
  return activate(y, options, backend);
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
function offsetOf(i: number, batch: readonly number[], strides: readonly number[]): number {
  let offset = 0;
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    offset += (i % batch[axis]!) * strides[axis]!;
    i = Math.floor(i / batch[axis]!);
  }
  return offset;
}

function biasPointer(
  bias: TensorInfo | undefined,
  n: number,
  { backend }: { backend: unknown },
): number {
  if (bias === undefined || bias === null) return 0;
  if (util.sizeFromShape(bias.shape) !== n) {
    throw new RangeError(
      `Cannot add a bias to a matrix product: it must have ${n} values, got shape [${bias.shape}]`,
    );
  }
  return heapOf(backend).pointer(bias);
}

/** tfjs's `BatchMatMul`. */
export const batchMatMulConfig: KernelConfig = {
  kernelName: BatchMatMul,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) =>
    matMul(inputs.a!, inputs.b!, {
      ...attrs as unknown as MatMulOptions,
      backend,
    }),
};

/** tfjs's `_FusedMatMul`. */
export const fusedMatMulConfig: KernelConfig = {
  kernelName: _FusedMatMul,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) =>
    matMul(
      inputs.a!,
      inputs.b!,
      {
        ...attrs as unknown as MatMulOptions,
        bias: inputs.bias,
        preluActivationWeights: inputs.preluActivationWeights,
        backend,
      } as MatMulOptions & { backend: unknown },
    ),
};
