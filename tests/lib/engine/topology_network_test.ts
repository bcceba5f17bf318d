import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createCompiledEngine } from "../../../lib/engine/mod.ts";
import { networkOfModel } from "../../../lib/engine/tfjs.ts";
import type { Graph } from "../../../lib/engine/graph.ts";
import type { Network } from "../../../lib/engine/network.ts";
import { readGraph } from "../../../lib/engine/read_graph.ts";
import { networkOfTopology, type StoredWeight } from "../../../lib/engine/topology_network.ts";
import { batchFor } from "./batch_for.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

interface Stored {
  // deno-lint-ignore ban-types -- JSON, which tests take apart.
  topology: {};
  weights: Map<string, StoredWeight>;
}

/** What a store has of a model. */
function stored(model: tf.LayersModel): Stored {
  const values = model.getWeights();
  return {
    topology: JSON.parse(JSON.stringify(model.toJSON(undefined, false))),
    weights: new Map(model.weights.map(({ originalName }, i) => [originalName, {
      shape: values[i]!.shape,
      data: values[i]!.dataSync<"float32">().slice(),
    }])),
  };
}

/** A graph in plain values. */
function plain({ nodes }: Graph) {
  return nodes.map(({ name, operation, inputs, shape, relu, dropout }) => ({
    name,
    inputs: inputs.map((input) => nodes.indexOf(input)),
    shape,
    relu,
    dropout,
    operation: Object.fromEntries(
      Object.entries(operation).map((
        [key, value],
      ) => [key, value?.read === undefined ? value : [value.name, value.shape]]),
    ),
  }));
}

async function classify(network: Network, images: Parameters<typeof batchFor>[0]) {
  const options = { batchSize: 8, workers: 1, optimizer: null } as const;
  const engine = await createCompiledEngine(network, options);
  try {
    return await engine.classify(batchFor(images, 8).images);
  } finally {
    engine.dispose();
  }
}

for (const network of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: out of the store, the graph of the model and its answers`, async () => {
    const model = network.create();
    const { topology, weights } = stored(model);
    const [own, read] = [networkOfModel(model), networkOfTopology(topology, weights)];
    assert.deepEqual(
      plain(readGraph(read, { isTraining: false })),
      plain(readGraph(own, { isTraining: false })),
    );
    const isTrainable = ({ parameters }: Network) =>
      Object.fromEntries(parameters.map(({ name, isTrainable }) => [name, isTrainable]));
    assert.deepEqual(isTrainable(read), isTrainable(own));
    assert.deepEqual(await classify(read, network), await classify(own, network));
    model.dispose();
  });
}

const { layers } = tf;

/** A sequential and a functional model of the same layers. */
const tiny = tf.sequential({
  layers: [
    layers.conv2d({ name: "conv", inputShape: [6, 6, 2], filters: 3, kernelSize: 3 }),
    layers.maxPooling2d({ name: "pool", poolSize: 2 }),
    layers.batchNormalization({ name: "norm" }),
    layers.flatten({ name: "flat" }),
    layers.dense({ name: "head", units: 3, activation: "softmax" }),
  ],
});
const functional = tf.model({ inputs: tiny.inputs, outputs: tiny.outputs });

Deno.test("what Keras leaves out of a topology falls to the defaults of tfjs", () => {
  const { topology, weights } = stored(tiny);
  const expected = plain(readGraph(networkOfTopology(topology, weights), { isTraining: false }));
  const lean = JSON.parse(JSON.stringify(topology), (key, value) => {
    const isDefault =
      /^(strides|padding|data_format|dilation_rate|use_bias|momentum|epsilon|axis|trainable)$/
        .test(key) || value === null && key !== "0";
    return isDefault ? undefined : value;
  });
  const network = networkOfTopology({ model_config: lean }, weights);
  assert.deepEqual(plain(readGraph(network, { isTraining: false })), expected);
});

/** Changes to a stored model that the engine must not read over. */
const refused: readonly [
  what: string,
  change: (layer: (name: string) => Record<string, unknown>, stored: Stored) => void,
  problem: RegExp,
][] = [
  ["a kernel for other channels", (_, { weights }) => {
    weights.set("conv/kernel", { shape: [3, 3, 3, 3], data: new Float32Array(81) });
  }, /conv has a kernel \(3,3,3,3\)/],
  ["a kernel of another size", (layer) => layer("conv").kernel_size = [5, 5], /conv has a kernel/],
  ["a kernel of another rank", (_, { weights }) => {
    weights.set("conv/kernel", { shape: [9, 2, 3], data: new Float32Array(54) });
  }, /conv has a kernel/],
  ["other filters", (layer) => layer("conv").filters = 4, /conv has a kernel/],
  ["a bias of another size", (_, { weights }) => {
    weights.set("conv/bias", { shape: [1], data: new Float32Array(1) });
  }, /conv has a bias \(1\)/],
  ["no bias", (_, { weights }) => void weights.delete("head/bias"), /head has no bias/],
  ["a bias too many", (layer) => layer("nothing"), /no layer has the weights extra\/bias/],
  ["weights shorter than their shape", (_, { weights }) => {
    weights.set("head/bias", { shape: [3], data: new Float32Array(2) });
  }, /head\/bias are not of their shape/],
  ["strides of 0", (layer) => layer("pool").strides = [0, 1], /pool has strides 0,1/],
  ["strides without an end", (layer) => layer("conv").strides = [1e999, 1], /conv has strides/],
  ["strides that are words", (layer) => layer("conv").strides = "many", /conv has strides many/],
  ["windows of three axes", (layer) => layer("pool").pool_size = [2, 2, 2], /pool has poolSize/],
  ["windows larger than the image", (layer) => layer("pool").pool_size = [9, 9], /do not fit/],
  ["another padding", (layer) => layer("conv").padding = "causal", /conv has padding causal/],
  ["averages of other channels", (_, { weights }) => {
    weights.set("norm/moving_mean", { shape: [4], data: new Float32Array(4) });
  }, /norm has a moving_mean \(4\)/],
  ["other units", (layer) => layer("head").units = 4, /head has a kernel \(12,3\)/],
  ["half precision", (layer) => layer("conv").dtype = "float16", /conv is of float16/],
  ["an activation that is an object", (layer) => {
    layer("conv").activation = { class_name: "Relu" };
  }, /activation/],
  ["no name", (layer) => layer("head").name = undefined, /for a name/],
  ["one name twice", (layer) => layer("flat").name = "pool", /share a name|two names/],
];
for (const [what, change, problem] of refused) {
  Deno.test(`${what}: tfjs has the last word`, () => {
    for (const model of [tiny, functional]) {
      const read = stored(model);
      const entries = (read.topology as Topology).config.layers;
      if (what === "a bias too many") {
        read.weights.set("extra/bias", { shape: [1], data: new Float32Array(1) });
      }
      change((name) => entries.find(({ config }) => config.name === name)?.config ?? {}, read);
      assert.throws(
        () => readGraph(networkOfTopology(read.topology, read.weights), { isTraining: false }),
        { name: "UnsupportedModelError", message: problem },
      );
    }
  });
}

interface Topology {
  "class_name": unknown;
  config: {
    layers: { name?: unknown; "inbound_nodes"?: unknown; config: Record<string, unknown> }[];
    "input_layers": unknown;
    "output_layers": unknown;
  };
}

/** Changes to how layers of a functional model hang together. */
const torn: readonly [what: string, change: (topology: Topology) => void, problem?: RegExp][] = [
  ["a model of models", (topology) => topology.class_name = "Merge"],
  ["no layers", ({ config }) => config.layers = []],
  ["no list of layers", ({ config }) => Object.assign(config, { layers: 3 })],
  ["layers out of order", ({ config }) => config.layers.reverse()],
  ["another output", ({ config }) => config.output_layers = [["flat", 0, 0]]],
  ["two outputs", ({ config }) => config.output_layers = [["head", 0, 0], ["flat", 0, 0]]],
  ["an input that is none", ({ config }) => config.input_layers = [["pool", 0, 0]]],
  ["a layer used twice", ({ config }) => {
    config.layers.at(-1)!.inbound_nodes = [[["flat", 0, 0]], [["flat", 0, 0]]];
  }],
  ["a layer that reads itself", ({ config }) => {
    config.layers.at(-1)!.inbound_nodes = [[["head", 0, 0]]];
  }],
  ["a second output of a layer", ({ config }) => {
    config.layers.at(-1)!.inbound_nodes = [[["flat", 0, 1]]];
  }],
  ["a call with arguments", ({ config }) => {
    config.layers.at(-1)!.inbound_nodes = [[["flat", 0, 0, { training: true }]]];
  }],
  ["a layer that nothing reads", ({ config }) => {
    const pool = config.layers.find(({ name }) => name === "pool")!;
    config.layers.splice(-1, 0, {
      ...pool,
      name: "loose",
      config: { ...pool.config, name: "loose" },
    });
  }, /nothing reads layer loose/],
  ["a batch of fixed size", ({ config }) => {
    config.layers[0]!.config.batch_input_shape = [1, 6, 6, 2];
  }],
  ["an image without height", ({ config }) => {
    config.layers[0]!.config.batch_input_shape = [null, 0, 6, 2];
  }],
  ["an image that is no number", ({ config }) => {
    config.layers[0]!.config.batch_input_shape = [null, "x", 6, 2];
  }],
];
for (const [what, change, message = /./] of torn) {
  Deno.test(`${what}: not read by the engine`, () => {
    const { topology, weights } = stored(functional);
    change(topology as Topology);
    assert.throws(
      () => readGraph(networkOfTopology(topology, weights), { isTraining: false }),
      { name: "UnsupportedModelError", message },
    );
  });
}

Deno.test("a topology that is no object at all is not read", () => {
  for (const topology of [null, 7, "Sequential", [], { model_config: null }, { config: [] }]) {
    assert.throws(() => networkOfTopology(topology, new Map()), { name: "UnsupportedModelError" });
  }
});

Deno.test("weights that an engine writes are the network's, and no others change", async () => {
  const { topology, weights } = stored(tiny);
  const before = weights.get("head/bias")!.data;
  const network = networkOfTopology(topology, weights);
  const options = { batchSize: 8, workers: 1, optimizer: { kind: "adam" } } as const;
  const engine = await createCompiledEngine(network, options);
  await engine.step(batchFor({ input: [6, 6, 2], classes: 3 } as never, 8), 0.1);
  engine.save();
  engine.dispose();
  const bias = network.parameters.find(({ name }) => name === "head/bias")!.read();
  assert.deepEqual(before, new Float32Array(3));
  assert.ok(Array.from(bias).every((value) => value !== 0));
});
