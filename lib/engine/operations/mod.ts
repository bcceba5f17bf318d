/**
 * What each kind of operation compiles to.
 *
 * @module
 */

import type { Builder } from "../builder.ts";
import type { Kind, Node } from "../graph.ts";
import { backwardAdd, forwardAdd } from "./add.ts";
import { backwardBatchNorm, forwardBatchNorm } from "./batch_norm.ts";
import { backwardConvolution, forwardConvolution, prepareConvolution } from "./convolution.ts";
import { backwardDense, forwardDense } from "./dense.ts";
import {
  backwardAveragePool,
  backwardMaxPool,
  forwardAveragePool,
  forwardMaxPool,
} from "./pooling.ts";
import { backwardStandardise, forwardStandardise } from "./standardise.ts";

/** An operation's passes. */
export interface Compiler<K extends Kind> {
  /** What does not depend on images: done at the beginning, all together. */
  prepare?(node: Node<K>, builder: Builder): void;
  forward(node: Node<K>, builder: Builder): void;
  /** From the gradient of the output to those of inputs and weights. */
  backward(node: Node<K>, builder: Builder): void;
}

/** The list of operations: to add one, write its file and add its line. */
export const compilers: { readonly [K in Kind]: Compiler<K> } = {
  input: { forward: () => {}, backward: () => {} },
  standardise: { forward: forwardStandardise, backward: backwardStandardise },
  conv2d: {
    prepare: prepareConvolution,
    forward: forwardConvolution,
    backward: backwardConvolution,
  },
  maxPool: { forward: forwardMaxPool, backward: backwardMaxPool },
  averagePool: { forward: forwardAveragePool, backward: backwardAveragePool },
  dense: { forward: forwardDense, backward: backwardDense },
  batchNorm: { forward: forwardBatchNorm, backward: backwardBatchNorm },
  add: { forward: forwardAdd, backward: backwardAdd },
};
