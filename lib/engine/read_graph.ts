/**
 * Reads a network into a graph.
 *
 * @module
 */

import { type Graph, type GraphLayer, isKind, type Node } from "./graph.ts";
import { type Network, type NetworkLayer, UnsupportedModelError } from "./network.ts";
import {
  batchNormalisation,
  convolution,
  dense,
  type Fresh,
  globalAveragePooling,
  pooling,
  type Reading,
  standardisation,
} from "./read_layer.ts";

/**
 * Reads a network: any chain of standardisation, convolutions, pooling, batch normalisation, ReLU, dropout, flatten and
 * dense layers, with additions, that ends in a dense layer or an addition with softmax.
 *
 * @param network It takes images, `(H, W, C)`, and gives `(classes)`.
 * @param options `isTraining`: whether dropout and batch normalisation are to be trained through.
 * @throws {UnsupportedModelError} If it is anything else; names the layer.
 */
export function readGraph(
  { input: imageShape, layers, parameters }: Network,
  { isTraining }: { isTraining: boolean },
): Graph {
  const nodes: Node[] = [];
  const found = new Map<string, GraphLayer>();
  if (imageShape.length !== 3 || !imageShape.every(isExtent)) {
    throw new UnsupportedModelError(`its input is of shape (${imageShape})`);
  }
  const input = append(nodes, {
    name: "input",
    operation: { kind: "input" },
    inputs: [],
    shape: imageShape.map(Number),
  });
  const readers = Map.groupBy(layers.flatMap((layer) => layer.inputs), (name) => name);
  let softmax: Node | null = null;
  for (const layer of layers) {
    refuseExtras(layer);
    if (isTraining) refuseUntrainable(layer);
    // A sequential model does not list its input layer.
    const sources = layer.inputs.map((name) => found.get(name)?.node ?? input);
    const reading: Reading = {
      layer,
      inputs: sources.length > 0 ? sources : [input],
      isOnlyReader: layer.inputs.every((name) => readers.get(name)!.length === 1),
    };
    if (softmax !== null) {
      throw new UnsupportedModelError(`layer ${layer.name} stands behind softmax`);
    }
    const node = readLayer(nodes, reading, isTraining);
    const { name, className, weights } = layer;
    if (changes(reading)) disown(node, found);
    const isSoftmax = activationOf(reading) === "softmax";
    found.set(name, { name, className, weights, node, isKept: !isSoftmax });
    if (isSoftmax) softmax = node;
  }
  if (softmax === null || softmax.relu || !(isKind(softmax, "dense") || isKind(softmax, "add"))) {
    throw new UnsupportedModelError(
      "the model does not end in a dense layer or an addition with softmax",
    );
  }
  leaveMasksToPooling(nodes);
  return { nodes, input, logits: softmax, layers: found, parameters };
}

/** Whether a layer's output, at inference, is not what it reads. */
function changes(reading: Reading): boolean {
  const { className } = reading.layer;
  if (className === "Activation") return activationOf(reading) === "relu";
  return !["InputLayer", "Flatten", "Dropout"].includes(className);
}

/** What the layers before this one said is not kept, where they share a node with it. */
function disown(node: Node, layers: Map<string, GraphLayer>): void {
  for (const [name, layer] of layers) {
    if (layer.node === node) layers.set(name, { ...layer, isKept: false });
  }
}

function isExtent(extent: number | null): boolean {
  return Number.isSafeInteger(extent) && extent! > 0;
}

/** Settings that change how a layer is trained, and that no kernel knows. */
function refuseUntrainable({ name, className, config, weights }: NetworkLayer): void {
  for (const [setting, value] of Object.entries(config)) {
    if (/Regularizer$|Constraint$/.test(setting) && value !== null && value !== undefined) {
      throw new UnsupportedModelError(`layer ${name} has a ${setting}`);
    }
  }
  // What is trained unless its layer is frozen: all but moving averages and constants.
  const isFrozen = className !== "Standardisation" && [...weights].some(
    ([own, { isTrainable }]) => !isTrainable && !own.startsWith("moving_"),
  );
  if (isFrozen) throw new UnsupportedModelError(`layer ${name} is frozen`);
}

/** Settings that change what a layer computes. */
function refuseExtras({ name, config: { dataFormat } }: NetworkLayer): void {
  if ((dataFormat ?? "channelsLast") === "channelsLast") return;
  throw new UnsupportedModelError(`layer ${name} has its channels first`);
}

function append(nodes: Node[], fresh: Fresh): Node {
  const node: Node = { ...fresh, relu: false, masks: false, dropout: null, consumers: [] };
  node.inputs.forEach((source) => source.consumers.push(node));
  nodes.push(node);
  return node;
}

/** The node whose output is the layer's. */
function readLayer(nodes: Node[], reading: Reading, isTraining: boolean): Node {
  const { layer, inputs: [input] } = reading;
  switch (layer.className) {
    case "InputLayer":
      return input!;
    case "Flatten":
      return flattened(input!, reading);
    case "Conv2D":
      return withActivation(append(nodes, convolution(reading)), reading);
    case "MaxPooling2D":
      return append(nodes, pooling("maxPool", reading));
    case "AveragePooling2D":
      return append(nodes, pooling("averagePool", reading));
    case "GlobalAveragePooling2D":
      return append(nodes, globalAveragePooling(reading));
    case "Standardisation":
      return append(nodes, standardisation(reading));
    case "BatchNormalization":
      return append(nodes, batchNormalisation(reading));
    case "Dense":
      return withActivation(append(nodes, dense(reading)), reading);
    case "Add":
      return readAddition(nodes, reading);
    case "Activation":
    case "ReLU":
      return withActivation(alone(input!, reading), reading);
    case "Dropout":
      return withDropout(input!, reading, isTraining);
    default:
      throw new UnsupportedModelError(`no kernels for layer ${layer.name}, a ${layer.className}`);
  }
}

/** A node that nothing else reads: what follows it can be folded into it. */
function alone(node: Node, { layer, isOnlyReader }: Reading): Node {
  if (!isOnlyReader || node.dropout !== null || isKind(node, "input")) {
    throw new UnsupportedModelError(`layer ${layer.name} follows one that others read too`);
  }
  return node;
}

/** Row-major as everything is, the same values in the same order. */
function flattened(node: Node, { layer, isOnlyReader }: Reading): Node {
  if (!isOnlyReader) {
    throw new UnsupportedModelError(`layer ${layer.name} flattens what others read too`);
  }
  return node;
}

function activationOf({ layer: { className, config } }: Reading): unknown {
  if (className === "ReLU") return (config.maxValue ?? null) === null ? "relu" : "relu6";
  return config.activation ?? "linear";
}

function withActivation(node: Node, reading: Reading): Node {
  const activation = activationOf(reading);
  if (activation === "relu") {
    node.relu = true;
    node.masks = true;
  } else if (activation !== "linear" && activation !== "softmax") {
    throw new UnsupportedModelError(`layer ${reading.layer.name} has activation ${activation}`);
  }
  return node;
}

function withDropout(node: Node, reading: Reading, isTraining: boolean): Node {
  if (!isTraining) return node;
  const { name, config, maskSeed } = reading.layer;
  if (maskSeed === undefined) {
    throw new UnsupportedModelError(`dropout layer ${name} has no seed`);
  }
  alone(node, reading).dropout = { rate: Number(config.rate), maskSeed };
  return node;
}

/** An addition joins the batch normalisation that it follows, where that is its first operand. */
function readAddition(nodes: Node[], { layer, inputs }: Reading): Node {
  const [a, b] = inputs;
  if (inputs.length !== 2 || a === b) {
    throw new UnsupportedModelError(`layer ${layer.name} does not add two different tensors`);
  }
  for (const [last, other] of [[b!, a!], [a!, b!]] as const) {
    const canJoin = isKind(last, "batchNorm") && last.consumers.length === 0 && !last.relu &&
      last.inputs.length === 1 && nodes.indexOf(other) < nodes.indexOf(last);
    if (!canJoin) continue;
    last.inputs.push(other);
    other.consumers.push(last);
    return last;
  }
  return append(nodes, { name: layer.name, operation: { kind: "add" }, inputs, shape: a!.shape });
}

/**
 * Where pooling alone reads what ReLU made, it masks the gradient. ReLU and max pooling can change
 * places, so that there a quarter is masked; average pooling masks what it shares out.
 */
function leaveMasksToPooling(nodes: readonly Node[]): void {
  for (const node of nodes) {
    const [source] = node.inputs;
    if (!isKind(node, "maxPool") && !isKind(node, "averagePool")) continue;
    if (!source!.masks || source!.consumers.length > 1 || source!.dropout !== null) continue;
    source!.masks = false;
    if (isKind(node, "maxPool")) node.masks = true;
  }
}
