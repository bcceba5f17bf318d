/**
 * Reads a tfjs model into a graph.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import { type Graph, isKind, type Node, type Parameter, UnsupportedModelError } from "./graph.ts";
import {
  batchNormalisation,
  convolution,
  dense,
  type Fresh,
  globalAveragePooling,
  type LayerConfig,
  pooling,
  type Reading,
  standardisation,
} from "./read_layer.ts";

/**
 * Reads a model: any chain of standardisation, convolutions, pooling, batch normalisation, ReLU, dropout, flatten and
 * dense layers, with additions, that ends in a dense layer or an addition with softmax.
 *
 * @param model One input, `(N, H, W, C)`; one output, `(N, classes)`.
 * @param options `isTraining`: whether dropout and batch normalisation are to be trained through.
 * @throws {UnsupportedModelError} If it is anything else; names the layer.
 */
export function readGraph(model: tf.LayersModel, { isTraining }: { isTraining: boolean }): Graph {
  if (model.inputs.length !== 1 || model.outputs.length !== 1) {
    throw new UnsupportedModelError("the model has several inputs or outputs");
  }
  const parameters = model.weights.map((variable): Parameter => ({
    name: variable.originalName,
    shape: variable.shape.map(Number),
    isTrainable: model.trainableWeights.includes(variable),
    variable,
  }));
  const byVariable = new Map(parameters.map((parameter) => [parameter.variable, parameter]));
  const nodes: Node[] = [];
  const outputs = new Map<tf.layers.Layer, Node>();
  const imageShape = model.inputs[0]!.shape.slice(1).map(Number);
  if (imageShape.length !== 3 || imageShape.some((extent) => !(extent > 0))) {
    throw new UnsupportedModelError(`its input is of shape [${model.inputs[0]!.shape}]`);
  }
  const input = append(nodes, {
    name: "input",
    operation: { kind: "input" },
    inputs: [],
    shape: imageShape,
  });
  let softmax: Node | null = null;
  for (const layer of model.layers) {
    const config = layer.getConfig() as LayerConfig;
    if (layer.inboundNodes.length !== 1) {
      throw new UnsupportedModelError(`layer ${layer.name} is used in several places`);
    }
    refuseExtras(layer, config);
    if (isTraining && layer.trainableWeights.length < trainableOf(layer)) {
      throw new UnsupportedModelError(`layer ${layer.name} is frozen`);
    }
    const before = layer.inboundNodes[0]!.inboundLayers;
    // A sequential model does not list its input layer.
    const sources = before.map((source) => outputs.get(source) ?? input);
    const reading: Reading = {
      layer,
      config,
      inputs: sources.length > 0 ? sources : [input],
      isOnlyReader: before.every((source) => source.outboundNodes.length === 1),
      parameter: (name) => {
        const variable = layer.weights.find((weight) => weight.originalName.endsWith(`/${name}`));
        return variable === undefined ? null : byVariable.get(variable)!;
      },
    };
    if (softmax !== null) {
      throw new UnsupportedModelError(`layer ${layer.name} stands behind softmax`);
    }
    const node = readLayer(nodes, reading, isTraining);
    outputs.set(layer, node);
    if (activationOf(reading) === "softmax") softmax = node;
  }
  if (softmax === null || softmax.relu || !(isKind(softmax, "dense") || isKind(softmax, "add"))) {
    throw new UnsupportedModelError(
      "the model does not end in a dense layer or an addition with softmax",
    );
  }
  leaveMasksToPooling(nodes);
  return { nodes, input, logits: softmax, parameters };
}

/** Weights of a layer that are trained unless it is frozen: all but moving averages and constants. */
function trainableOf(layer: tf.layers.Layer): number {
  if (layer.getClassName() === "Standardisation") return 0;
  return layer.weights.filter(({ originalName }) => !originalName.includes("/moving_")).length;
}

/** Settings that change what a layer computes or how it is trained, and that no kernel knows. */
function refuseExtras(layer: tf.layers.Layer, config: LayerConfig): void {
  for (const [name, value] of Object.entries(config)) {
    if (/Regularizer$|Constraint$/.test(name) && value !== null && value !== undefined) {
      throw new UnsupportedModelError(`layer ${layer.name} has a ${name}`);
    }
  }
  if (
    config.dataFormat !== undefined && config.dataFormat !== null &&
    config.dataFormat !== "channelsLast"
  ) {
    throw new UnsupportedModelError(`layer ${layer.name} has its channels first`);
  }
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
  switch (layer.getClassName()) {
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
      throw new UnsupportedModelError(
        `no kernels for layer ${layer.name}, a ${layer.getClassName()}`,
      );
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

function activationOf({ layer, config }: Reading): string {
  if (layer.getClassName() === "ReLU") return (config.maxValue ?? null) === null ? "relu" : "relu6";
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

/** A layer whose masks can be drawn again from a seed (`SeededDropout`). */
interface SeededLayer {
  maskSeed(step: number): number;
}

function withDropout(node: Node, reading: Reading, isTraining: boolean): Node {
  if (!isTraining) return node;
  const { layer, config } = reading;
  if (!("maskSeed" in layer)) {
    throw new UnsupportedModelError(`dropout layer ${layer.name} has no seed`);
  }
  const seeded = layer as unknown as SeededLayer;
  const dropout = { rate: Number(config.rate), maskSeed: (step: number) => seeded.maskSeed(step) };
  alone(node, reading).dropout = dropout;
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
