/**
 * From a layer to an operation. What a layer says of itself may be wrong, where it was read from a
 * file: a kernel must not be given sizes that its weights do not have.
 *
 * @module
 */

import { type Node, product, sizeOf } from "./graph.ts";
import { type NetworkLayer, type Parameter, UnsupportedModelError } from "./network.ts";
import { type Windows, windowSizes } from "./window_sizes.ts";

/** Where a maximum stood is kept in a byte, one value of which says nowhere. */
const MAX_POOL_PIXELS = 255;

/** A layer on its way into the graph. */
export interface Reading {
  readonly layer: NetworkLayer;
  readonly inputs: Node[];
  /** Whether nothing but this layer reads what it reads. */
  readonly isOnlyReader: boolean;
}

/** A node before it has a place in the graph. */
export type Fresh = Pick<Node, "name" | "operation" | "inputs" | "shape">;

export function convolution({ layer, inputs }: Reading): Fresh {
  const { config } = layer;
  const image = imageShape(inputs[0]!, layer);
  const filter = weightsOf(layer, "kernel");
  const [height, width, inChannels, channels] = filter.shape as [number, number, number, number];
  const size = pair(layer, "kernelSize");
  if (String(filter.shape) !== String([...size, image[2], config.filters ?? channels])) {
    throw new UnsupportedModelError(
      `layer ${layer.name} has a kernel (${filter.shape}) that is not for ${inChannels} channels`,
    );
  }
  const info = windowSizes({
    image,
    filter: [height, width],
    channels,
    strides: pair(layer, "strides", [1, 1]),
    dilation: pair(layer, "dilationRate", [1, 1]),
    padding: paddingOf(layer),
  });
  return {
    name: layer.name,
    operation: { kind: "conv2d", info, filter, bias: biasOf(layer, channels) },
    inputs,
    shape: outputShape(layer, info),
  };
}

export function pooling(kind: "maxPool" | "averagePool", { layer, inputs }: Reading): Fresh {
  const image = imageShape(inputs[0]!, layer);
  const filter = pair(layer, "poolSize", [2, 2]);
  const info = windowSizes({
    image,
    filter,
    channels: image[2],
    strides: pair(layer, "strides", filter),
    dilation: [1, 1],
    padding: paddingOf(layer),
  });
  if (kind === "maxPool" && info.filterHeight * info.filterWidth > MAX_POOL_PIXELS) {
    throw new UnsupportedModelError(
      `layer ${layer.name} pools windows of more than ${MAX_POOL_PIXELS} pixels`,
    );
  }
  return { name: layer.name, operation: { kind, info }, inputs, shape: outputShape(layer, info) };
}

export function globalAveragePooling({ layer, inputs }: Reading): Fresh {
  const image = imageShape(inputs[0]!, layer);
  const [height, width, channels] = image;
  const info = windowSizes({
    image,
    filter: [height, width],
    channels,
    strides: [1, 1],
    dilation: [1, 1],
    padding: "valid",
  });
  return {
    name: layer.name,
    operation: { kind: "averagePool", info },
    inputs,
    shape: [channels],
  };
}

export function batchNormalisation({ layer, inputs }: Reading): Fresh {
  const { axis = -1, momentum = 0.99, epsilon = 1e-3 } = layer.config;
  const { shape } = inputs[0]!;
  if (!layer.weights.has("gamma") || !layer.weights.has("beta")) {
    throw new UnsupportedModelError(`layer ${layer.name} is without scale or centre`);
  }
  if (axis !== -1 && axis !== shape.length) {
    throw new UnsupportedModelError(`layer ${layer.name} normalises axis ${axis}`);
  }
  const channels = [shape.at(-1)!];
  return {
    name: layer.name,
    operation: {
      kind: "batchNorm",
      gamma: weightsOf(layer, "gamma", channels),
      beta: weightsOf(layer, "beta", channels),
      mean: weightsOf(layer, "moving_mean", channels),
      variance: weightsOf(layer, "moving_variance", channels),
      momentum: Number(momentum),
      epsilon: Number(epsilon),
    },
    inputs,
    shape,
  };
}

export function standardisation({ layer, inputs }: Reading): Fresh {
  const { shape } = inputs[0]!;
  const channels = [shape.at(-1)!];
  const mean = weightsOf(layer, "mean", channels);
  const variance = weightsOf(layer, "variance", channels);
  return { name: layer.name, operation: { kind: "standardise", mean, variance }, inputs, shape };
}

export function dense({ layer, inputs }: Reading): Fresh {
  const weights = weightsOf(layer, "kernel");
  const [values, units] = weights.shape;
  if (values !== sizeOf(inputs[0]!)) {
    throw new UnsupportedModelError(`layer ${layer.name} is applied along an axis`);
  }
  if (weights.shape.length !== 2 || (layer.config.units ?? units) !== units) {
    throw new UnsupportedModelError(`layer ${layer.name} has a kernel (${weights.shape})`);
  }
  return {
    name: layer.name,
    operation: { kind: "dense", weights, bias: biasOf(layer, units!) },
    inputs,
    shape: [units!],
  };
}

/** A layer's weights by name; of this shape if one is given. */
function weightsOf(layer: NetworkLayer, name: string, shape?: readonly number[]): Parameter {
  const found = layer.weights.get(name);
  if (found === undefined) throw new UnsupportedModelError(`layer ${layer.name} has no ${name}`);
  const isRight = shape === undefined || String(found.shape) === String(shape);
  if (!isRight || product(found.shape) === 0) {
    throw new UnsupportedModelError(`layer ${layer.name} has a ${name} (${found.shape})`);
  }
  return found;
}

function biasOf(layer: NetworkLayer, units: number): Parameter | null {
  return layer.config.useBias ?? true ? weightsOf(layer, "bias", [units]) : null;
}

/** A setting for height and width, integers from 1: two of them, or one for both. */
function pair(
  { name, config }: NetworkLayer,
  setting: string,
  fallback?: Windows["filter"],
): Windows["filter"] {
  const given = config[setting] ?? fallback;
  const [height, width, ...others] = Array.isArray(given) ? given : [given, given];
  const isSize = (value: unknown) => Number.isInteger(value) && Number(value) >= 1;
  if (isSize(height) && isSize(width) && others.length === 0) return [height, width];
  throw new UnsupportedModelError(`layer ${name} has ${setting} ${given}`);
}

function paddingOf({ name, config }: NetworkLayer): Windows["padding"] {
  const padding = config.padding ?? "valid";
  if (padding === "valid" || padding === "same") return padding;
  throw new UnsupportedModelError(`layer ${name} has padding ${padding}`);
}

function outputShape(
  { name }: NetworkLayer,
  { outHeight, outWidth, outChannels }: ReturnType<typeof windowSizes>,
): number[] {
  if (outHeight > 0 && outWidth > 0) return [outHeight, outWidth, outChannels];
  throw new UnsupportedModelError(`layer ${name} has windows that do not fit into its images`);
}

function imageShape({ shape }: Node, { name }: NetworkLayer): [number, number, number] {
  if (shape.length !== 3) {
    throw new UnsupportedModelError(`layer ${name} is not applied to images`);
  }
  return shape as unknown as [number, number, number];
}
