/**
 * From a layer's configuration to an operation.
 *
 * @module
 */

import { backend_util } from "@tensorflow/tfjs-core";
import type * as tf from "../core/tfjs.ts";
import { type Node, type Parameter, sizeOf, UnsupportedModelError } from "./graph.ts";

/** Where a maximum stood is kept in a byte, one value of which says nowhere. */
const MAX_POOL_PIXELS = 255;

/** What the engine reads of a layer's configuration. */
export interface LayerConfig {
  readonly activation?: string;
  readonly kernelSize?: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly poolSize?: readonly [number, number];
  readonly padding?: "valid" | "same";
  readonly dilationRate?: readonly [number, number] | number;
  readonly dataFormat?: string;
  readonly axis?: number;
  readonly momentum?: number;
  readonly epsilon?: number;
  readonly rate?: number;
  readonly maxValue?: number | null;
  readonly [name: string]: unknown;
}

/** A layer on its way into the graph. */
export interface Reading {
  readonly layer: tf.layers.Layer;
  readonly config: LayerConfig;
  readonly inputs: Node[];
  /** Whether nothing but this layer reads what it reads. */
  readonly isOnlyReader: boolean;
  readonly parameter: (name: string) => Parameter | null;
}

/** A node before it has a place in the graph. */
export type Fresh = Pick<Node, "name" | "operation" | "inputs" | "shape">;

export function convolution({ layer, config, inputs, parameter }: Reading): Fresh {
  const [height, width, channels] = imageShape(inputs[0]!, layer);
  const filter = parameter("kernel")!;
  const info = backend_util.computeConv2DInfo(
    [1, height, width, channels],
    filter.shape as [number, number, number, number],
    config.strides as [number, number],
    (config.dilationRate ?? 1) as [number, number] | number,
    config.padding!,
  );
  return {
    name: layer.name,
    operation: { kind: "conv2d", info, filter, bias: parameter("bias") },
    inputs,
    shape: info.outShape.slice(1),
  };
}

export function pooling(
  kind: "maxPool" | "averagePool",
  { layer, config, inputs }: Reading,
): Fresh {
  const [height, width, channels] = imageShape(inputs[0]!, layer);
  const info = backend_util.computePool2DInfo(
    [1, height, width, channels],
    config.poolSize as [number, number],
    config.strides as [number, number],
    1,
    config.padding!,
  );
  if (kind === "maxPool" && info.filterHeight * info.filterWidth > MAX_POOL_PIXELS) {
    throw new UnsupportedModelError(
      `layer ${layer.name} pools windows of more than ${MAX_POOL_PIXELS} pixels`,
    );
  }
  return {
    name: layer.name,
    operation: { kind, info },
    inputs,
    shape: info.outShape.slice(1),
  };
}

export function globalAveragePooling({ layer, inputs }: Reading): Fresh {
  const [height, width, channels] = imageShape(inputs[0]!, layer);
  const info = backend_util.computePool2DInfo(
    [1, height, width, channels],
    [height, width],
    1,
    1,
    "valid",
  );
  return {
    name: layer.name,
    operation: { kind: "averagePool", info },
    inputs,
    shape: [channels],
  };
}

export function batchNormalisation({ layer, config, inputs, parameter }: Reading): Fresh {
  const gamma = parameter("gamma");
  const beta = parameter("beta");
  const { shape } = inputs[0]!;
  if (gamma === null || beta === null) {
    throw new UnsupportedModelError(`layer ${layer.name} is without scale or centre`);
  }
  if (config.axis !== -1 && config.axis !== shape.length) {
    throw new UnsupportedModelError(`layer ${layer.name} normalises axis ${config.axis}`);
  }
  return {
    name: layer.name,
    operation: {
      kind: "batchNorm",
      gamma,
      beta,
      mean: parameter("moving_mean")!,
      variance: parameter("moving_variance")!,
      momentum: config.momentum!,
      epsilon: config.epsilon!,
    },
    inputs,
    shape,
  };
}

export function standardisation({ layer, inputs, parameter }: Reading): Fresh {
  const [mean, variance] = [parameter("mean")!, parameter("variance")!];
  const { shape } = inputs[0]!;
  return { name: layer.name, operation: { kind: "standardise", mean, variance }, inputs, shape };
}

export function dense({ layer, inputs, parameter }: Reading): Fresh {
  const weights = parameter("kernel")!;
  const [values, units] = weights.shape;
  if (values !== sizeOf(inputs[0]!)) {
    throw new UnsupportedModelError(`layer ${layer.name} is applied along an axis`);
  }
  return {
    name: layer.name,
    operation: { kind: "dense", weights, bias: parameter("bias") },
    inputs,
    shape: [units!],
  };
}

function imageShape({ shape }: Node, layer: tf.layers.Layer): [number, number, number] {
  if (shape.length !== 3) {
    throw new UnsupportedModelError(`layer ${layer.name} is not applied to images`);
  }
  return shape as unknown as [number, number, number];
}
