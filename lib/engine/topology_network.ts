/**
 * From a stored model to a network, without tfjs: its topology, as tfjs and Keras 2 write it, and its
 * weights by name.
 *
 * The topology may be anybody's. What is not read here for certain as tfjs reads it is refused, so
 * that tfjs has the last word on it.
 *
 * @module
 */

import { product } from "./graph.ts";
import {
  type LayerConfig,
  type Network,
  type NetworkLayer,
  type Parameter,
  UnsupportedModelError,
} from "./network.ts";

/** A stored array of weights. */
export interface StoredWeight {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: Float32Array | Float16Array;
}

/**
 * Reads a stored model.
 *
 * @param topology JSON: `modelTopology` of tfjs's artifacts.
 * @param weights By tfjs's names, for example `"conv1/kernel"`; floating-point numbers. They are not
 * copied, and not written to.
 * @throws {UnsupportedModelError} If it is anything but a sequential or functional model, of layers
 * that each read others once, with one input and one output, whose weights are all there.
 *
 * @example
 * ```ts
 * import { networkOfTopology } from "./topology_network.ts";
 * import assert from "node:assert/strict";
 *
 * const dense = { name: "head", units: 2, activation: "softmax", batch_input_shape: [null, 3] };
 * const network = networkOfTopology(
 *   {
 *     class_name: "Sequential",
 *     config: { name: "tiny", layers: [{ class_name: "Dense", config: dense }] },
 *   },
 *   new Map([
 *     ["head/kernel", { shape: [3, 2], data: new Float32Array(6) }],
 *     ["head/bias", { shape: [2], data: new Float32Array(2) }],
 *   ]),
 * );
 * assert.deepEqual(network.input, [3]);
 * assert.equal(network.layers[0]?.config.units, 2);
 * ```
 */
export function networkOfTopology(
  topology: unknown,
  weights: ReadonlyMap<string, StoredWeight>,
): Network {
  const { model_config: inner = topology } = record(topology);
  const { class_name: kind, config } = record(inner);
  const described = kind === "Sequential"
    ? readSequential(config)
    : kind === "Model" || kind === "Functional"
    ? readFunctional(record(config))
    : refuse(`it is a ${kind}`);
  const parameters = new Map<string, Parameter>();
  const layers = described.layers.map((layer): NetworkLayer => {
    const own = [...weights].filter(([name]) => name.startsWith(`${layer.name}/`));
    return {
      ...layer,
      weights: new Map(own.map(([name, weight]) => {
        const ownName = name.slice(layer.name.length + 1);
        const isTrainable = layer.className !== "Standardisation" &&
          (layer.config.trainable ?? true) === true && !ownName.startsWith("moving_");
        const parameter = parameterOf(weight, { name, isTrainable });
        parameters.set(name, parameter);
        return [ownName, parameter];
      })),
    };
  });
  for (const name of weights.keys()) {
    if (!parameters.has(name)) refuse(`no layer has the weights ${name}`);
  }
  if (new Set(layers.map(({ name }) => name)).size < layers.length) {
    refuse("two layers share a name");
  }
  return { input: described.input, layers, parameters: [...parameters.values()] };
}

function parameterOf(
  weight: StoredWeight,
  { name, isTrainable }: Pick<Parameter, "name" | "isTrainable">,
): Parameter {
  let values = weight.data;
  if (values.length !== product(weight.shape)) refuse(`weights ${name} are not of their shape`);
  return {
    name,
    shape: weight.shape,
    isTrainable,
    read: () => values,
    write: (others) => void (values = others),
  };
}

/** What the topology says of a layer. */
type DescribedLayer = Omit<NetworkLayer, "weights">;

interface Described {
  readonly input: Network["input"];
  readonly layers: readonly DescribedLayer[];
}

/** Each layer reads the one before it. */
function readSequential(config: unknown): Described {
  const entries = list(Array.isArray(config) ? config : record(config).layers).map(record);
  if (entries.slice(1).some((entry) => entry.class_name === "InputLayer")) {
    refuse("it has two inputs");
  }
  const configs = entries.map((entry) => configOf(entry));
  const layers = entries.map((entry, i): DescribedLayer => ({
    name: nameOf(configs[i]!),
    className: text(entry.class_name),
    config: configs[i]!,
    inputs: i === 0 ? [] : [nameOf(configs[i - 1]!)],
  }));
  return { input: inputOf(configs[0]), layers };
}

/** Layers that name those that they read. */
function readFunctional(config: Json): Described {
  const layers: DescribedLayer[] = [];
  const [input, output] = [onlyTensor(config.input_layers), onlyTensor(config.output_layers)];
  for (const entry of list(config.layers).map(record)) {
    const own = configOf(entry);
    const name = nameOf(own);
    if (name !== entry.name) refuse(`layer ${name} has two names`);
    const className = text(entry.class_name);
    const isInput = className === "InputLayer";
    if (isInput !== (name === input)) refuse(`${name} is another input`);
    const calls = list(entry.inbound_nodes);
    if (calls.length !== (isInput ? 0 : 1)) refuse(`layer ${name} is used in several places`);
    const inputs = isInput ? [] : list(calls[0]).map(tensorOf);
    for (const source of inputs) {
      if (!layers.some((layer) => layer.name === source)) refuse(`layer ${name} reads ${source}`);
    }
    layers.push({ name, className, config: own, inputs });
  }
  const read = new Set(layers.flatMap(({ inputs }) => inputs));
  const loose = layers.slice(0, -1).find(({ name }) => !read.has(name));
  if (loose !== undefined) refuse(`nothing reads layer ${loose.name}`);
  if (layers.at(-1)?.name !== output) refuse(`its last layer is not its output, ${output}`);
  return { input: inputOf(layers.find(({ name }) => name === input)?.config), layers };
}

function onlyTensor(tensors: unknown): string {
  const [tensor, ...others] = list(tensors);
  return others.length === 0 ? tensorOf(tensor) : refuse("it has several inputs or outputs");
}

/** `[layer, 0, 0]`, the only output of the only use of a layer, perhaps with `{}` behind it. */
function tensorOf(tensor: unknown): string {
  const [layer, node, output, options = {}] = list(tensor);
  if (node !== 0 || output !== 0 || Object.keys(record(options ?? {})).length > 0) {
    refuse(`it reads ${JSON.stringify(tensor)}`);
  }
  return text(layer);
}

/** Names and words are written in Python's case, and read in TypeScript's. */
function configOf({ config }: Json): LayerConfig {
  const read = Object.entries(record(config)).map(([setting, value]) => {
    const isWord = typeof value === "string" && setting !== "name";
    return [inCamelCase(setting), isWord ? inCamelCase(value) : value ?? undefined] as const;
  });
  const own: LayerConfig = Object.fromEntries(read);
  if ((own.dtype ?? "float32") !== "float32") refuse(`layer ${own.name} is of ${own.dtype}`);
  return own;
}

function inCamelCase(word: string): string {
  return word.length <= 1
    ? word
    : word.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
}

function inputOf(config: LayerConfig | undefined): Network["input"] {
  const [batch, ...shape] = list(config?.batchInputShape);
  if (batch !== null) refuse(`its input is of shape (${config?.batchInputShape})`);
  return shape.map((extent) => extent === null ? null : Number(extent));
}

function nameOf({ name }: LayerConfig): string {
  return text(name);
}

type Json = Readonly<Record<string, unknown>>;

function record(value: unknown): Json {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? value as Json : refuse(`it has ${JSON.stringify(value)} for an object`);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`it has ${JSON.stringify(value)} for a list`);
}

function text(value: unknown): string {
  return typeof value === "string" && value !== ""
    ? value
    : refuse(`it has ${JSON.stringify(value)} for a name`);
}

function refuse(why: string): never {
  throw new UnsupportedModelError(`its topology is not one that the engine reads: ${why}`);
}
