/**
 * Computations that tfjs 4.22's own wasm backend gets wrong, each with what is right. They are
 * plain tfjs: `stock_defects_test.ts` runs them with the training kernels and, in
 * `stock_worker.ts`, without.
 */

import * as tf from "@tensorflow/tfjs";

/** A computation and its right result. */
export interface StockCase {
  readonly name: string;
  readonly compute: () => tf.Tensor;
  readonly right: readonly number[];
  /** The stock backend's wrong result, or its error; `"another"` where it is whatever lay there. */
  readonly stock: readonly number[] | RegExp | "another";
}

export const stockCases: readonly StockCase[] = [
  {
    name: "there is no gradient of a convolution to its filter",
    compute: () => {
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      const loss = (filter: tf.Tensor) => tf.sum(tf.conv2d(x, filter as tf.Tensor4D, 1, "valid"));
      return tf.grad(loss)(tf.ones([1, 1, 1, 1]));
    },
    right: [10],
    stock: /Kernel 'Conv2DBackpropFilter' not registered/,
  },
  {
    name: "there is no gradient of a depthwise convolution",
    compute: () => {
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      const loss = (filter: tf.Tensor) =>
        tf.sum(tf.depthwiseConv2d(x, filter as tf.Tensor4D, 1, "valid"));
      return tf.grad(loss)(tf.ones([1, 1, 1, 1]));
    },
    right: [10],
    stock: /Kernel 'DepthwiseConv2dNativeBackpropFilter' not registered/,
  },
  {
    name: "there is no gradient of a look-up",
    compute: () => {
      const look = (table: tf.Tensor) => tf.sum(tf.gather(table, tf.tensor1d([1, 1], "int32")));
      return tf.grad(look)(tf.ones([2]));
    },
    right: [0, 2],
    stock: /Kernel 'UnsortedSegmentSum' not registered/,
  },
  {
    name: "max pool loses the gradient of windows whose maximum is not positive",
    compute: () => {
      const x = tf.tensor4d([-4, -2, -1, -3], [1, 2, 2, 1]);
      return tf.grad((input) => tf.sum(tf.maxPool(input as tf.Tensor4D, 2, 2, "valid")))(x);
    },
    right: [0, 0, 1, 0],
    stock: [1, 0, 0, 0],
  },
  {
    name: "average pool's gradient counts padding that its forward pass does not",
    compute: () => {
      const x = tf.ones([1, 1, 1, 1]);
      return tf.grad((input) => tf.sum(tf.avgPool(input as tf.Tensor4D, 2, 1, "same")))(x);
    },
    right: [1],
    stock: [0.25],
  },
  {
    name: "a depthwise convolution by strides larger than its filter is zero under same padding",
    compute: () => {
      const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      return tf.depthwiseConv2d(x, tf.ones([1, 2, 1, 1]) as tf.Tensor4D, 2, "same");
    },
    right: [3],
    stock: [0],
  },
  {
    name: "max pool leaves out windows that rounding up adds",
    compute: () => {
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
      return tf.maxPool(x, 2, 2, 0, "ceil");
    },
    right: [5, 6, 8, 9],
    stock: "another",
  },
  {
    name: "average pool by padding in numbers writes rows longer than its result's",
    compute: () => tf.avgPool(tf.range(1, 13).reshape([1, 3, 4, 1]) as tf.Tensor4D, [2, 1], 1, 0),
    right: [3, 4, 5, 7, 8, 9],
    stock: [3, 4, 5, 6, 7, 8],
  },
  {
    name: "a fused bias is added once for each block of 48 in the inner size",
    compute: () => {
      const a = tf.ones([2, 100]) as tf.Tensor2D;
      const b = tf.ones([1, 100]) as tf.Tensor2D;
      return tf.fused.matMul({ a, b, transposeB: true, bias: tf.tensor1d([1]) });
    },
    right: [101, 101],
    stock: [103, 103],
  },
  {
    name: "a matrix is read in the shape in which it was first multiplied",
    compute: () => {
      const b = tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
      tf.matMul(tf.ones([1, 3]), b).dispose();
      return tf.matMul(tf.ones([1, 2]), b.reshape([2, 3]));
    },
    right: [5, 7, 9],
    stock: [4, 6, 0],
  },
  {
    name: "a filter that is written in place is not read again",
    compute: () => {
      const x = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
      const filter = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
      tf.conv2d(x, filter, 1, "valid").dispose();
      heapValues(filter).fill(7);
      return tf.conv2d(x, filter, 1, "valid");
    },
    right: [7],
    stock: [1],
  },
];

/** A tensor's values where they lie in the backend's heap. */
function heapValues(tensor: tf.Tensor): Float32Array {
  const backend = tf.backend() as unknown as {
    typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
  };
  return backend.typedArrayFromHeap(tensor);
}
