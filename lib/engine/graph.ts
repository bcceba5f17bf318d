/**
 * The graph: what a network computes, with what belongs together put together.
 *
 * @module
 */

import type { WindowSizes } from "../wasm/interface/windows.ts";
import type { Parameter } from "./network.ts";

/** Dropout behind an operation. */
export interface Dropout {
  /** From 0 to below 1. */
  readonly rate: number;
  /** The seed of the mask of a training step, counted from 1. */
  readonly maskSeed: (step: number) => number;
}

/** What a node computes from its inputs. */
export type Operation =
  | { readonly kind: "input" }
  | {
    /** y = (x − mean) / √variance, by numbers that stay as they are. */
    readonly kind: "standardise";
    readonly mean: Parameter;
    readonly variance: Parameter;
  }
  | {
    readonly kind: "conv2d";
    readonly info: WindowSizes;
    readonly filter: Parameter;
    readonly bias: Parameter | null;
  }
  | { readonly kind: "maxPool"; readonly info: WindowSizes }
  | { readonly kind: "averagePool"; readonly info: WindowSizes }
  | {
    readonly kind: "dense";
    /** `(inputs, units)`. */
    readonly weights: Parameter;
    readonly bias: Parameter | null;
  }
  | {
    /** Normalised over all but the last axis; a second input is added to the result. */
    readonly kind: "batchNorm";
    readonly gamma: Parameter;
    readonly beta: Parameter;
    readonly mean: Parameter;
    readonly variance: Parameter;
    readonly momentum: number;
    readonly epsilon: number;
  }
  | { readonly kind: "add" };

/** The kinds of operations. */
export type Kind = Operation["kind"];

/** One operation with what follows it value by value: `y = dropout(relu(operation(inputs)))`. */
export interface AnyNode {
  /** The name of the layer that it was made of. */
  readonly name: string;
  readonly operation: Operation;
  readonly inputs: Node[];
  /** Shape of one image's output: `(H, W, C)`, or `(N)`. */
  readonly shape: readonly number[];
  relu: boolean;
  /**
   * Whether the node's gradient is masked where ReLU was flat. Not so where the pooling that reads
   * it has done that already.
   */
  masks: boolean;
  dropout: Dropout | null;
  /** Nodes that read the output. */
  readonly consumers: Node[];
}

/** A node of this kind. */
export type Node<K extends Kind = Kind> = AnyNode & {
  readonly operation: Extract<Operation, { kind: K }>;
};

/** A layer of the network, and what became of it. */
export interface GraphLayer {
  readonly name: string;
  /** tfjs's, for example `"Conv2D"`. */
  readonly className: string;
  /** By their own names, for example `"kernel"`. */
  readonly weights: ReadonlyMap<string, Parameter>;
  /** What it is computed by, with others perhaps. */
  readonly node: Node;
  /** Whether the node's output is the layer's: it is not where the node has taken in what follows. */
  readonly isKept: boolean;
}

/** A network: nodes in the order of computation. The last one is logits, behind which is softmax. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly input: Node;
  readonly logits: Node<"dense" | "add">;
  /** By name, in the network's order. */
  readonly layers: ReadonlyMap<string, GraphLayer>;
  /** All weights, in tfjs's order. */
  readonly parameters: readonly Parameter[];
}

/** What a node may train. */
export function parametersOf({ operation }: Node): readonly Parameter[] {
  switch (operation.kind) {
    case "conv2d":
      return [operation.filter, ...operation.bias ? [operation.bias] : []];
    case "dense":
      return [operation.weights, ...operation.bias ? [operation.bias] : []];
    case "batchNorm":
      return [operation.gamma, operation.beta];
    default:
      return [];
  }
}

/** Values of one image in a node's output. */
export function sizeOf({ shape }: Node): number {
  return product(shape);
}

/** Values of an array of this shape. */
export function product(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

/** Whether a node is of this kind; for TypeScript's sake. */
export function isKind<K extends Kind>(node: Node, kind: K): node is Node<K> {
  return node.operation.kind === kind;
}

/**
 * The max pooling behind a convolution, where nothing else reads it and its windows do not overlap:
 * three quarters or more of the convolution's gradient are then zero, and the gradient is never
 * written out but as lists of what is not.
 */
export function sparsePooling(node: Node): Node<"maxPool"> | null {
  const [pool] = node.consumers;
  if (!isKind(node, "conv2d") || node.consumers.length !== 1 || node.dropout || node.masks) {
    return null;
  }
  if (!isKind(pool!, "maxPool")) return null;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = pool.operation.info;
  const isSparse = strideHeight >= filterHeight && strideWidth >= filterWidth &&
    filterHeight * filterWidth >= 4;
  return isSparse ? pool : null;
}

/**
 * The node whose output is a layer's.
 *
 * @param why What it is wanted for, for the error: `"read activations"`.
 * @throws {RangeError} If there is no such layer, or its output is not kept.
 */
export function keptNode({ layers }: Graph, layer: string, why: string): Node {
  const found = layers.get(layer);
  if (found?.isKept) return found.node;
  const reason = found === undefined ? "" : ", whose output is not kept";
  const kept = [...layers.values()].filter(({ isKept }) => isKept).map(({ name }) => name);
  throw new RangeError(
    `Cannot ${why}: layer must be one of ${kept.join(", ")}, got "${layer}"${reason}`,
  );
}

/**
 * What the last dense layer reads; where the logits are a sum, that of its first summand.
 *
 * @throws {RangeError} If the logits do not come from a dense layer.
 */
export function lastHiddenNode({ logits }: Graph): Node {
  let node: Node = logits;
  while (isKind(node, "add")) node = node.inputs[0]!;
  if (isKind(node, "dense")) return node.inputs[0]!;
  throw new RangeError(
    "Cannot read activations: the network has no last hidden layer, for its logits do not come from " +
      "a dense layer; name a layer",
  );
}
