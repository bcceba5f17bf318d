import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { networkOfModel } from "../../../lib/engine/model_network.ts";
import { readGraph } from "../../../lib/engine/read_graph.ts";
import { createModel, SeededDropout } from "../../../lib/model/mod.ts";

await tf.setBackend("wasm");

const { layers } = tf;

function kindsOf(model: tf.LayersModel, isTraining = true): string[] {
  return readGraph(networkOfModel(model), { isTraining }).nodes.map((
    { operation, relu, dropout, inputs },
  ) =>
    [
      operation.kind,
      ...inputs.length > 1 ? ["two inputs"] : [],
      ...relu ? ["relu"] : [],
      ...dropout ? [`dropout ${dropout.rate}`] : [],
    ].join(", ")
  );
}

const images = { input: [28, 28, 1], classes: 10, seed: 1 } as const;

Deno.test("a chain of layers becomes operations with what follows them folded in", () => {
  assert.deepEqual(kindsOf(createModel("article", images)), [
    "input",
    "conv2d, relu",
    "conv2d, relu",
    "maxPool, dropout 0.25",
    "dense, relu, dropout 0.5",
    "dense",
  ]);
});

Deno.test("dropout is nothing to an engine that only classifies", () => {
  const model = tf.sequential({
    layers: [
      layers.flatten({ inputShape: [2, 2, 1] }),
      layers.dense({ units: 3 }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  assert.deepEqual(kindsOf(model, false), ["input", "dense", "dense"]);
  assert.throws(
    () => readGraph(networkOfModel(model), { isTraining: true }),
    /dropout layer \S+ has no seed/,
  );
});

Deno.test("standardisation is an operation, and no layer that is frozen", () => {
  const statistics = { mean: [0.1], deviation: [0.3] };
  const kinds = kindsOf(createModel("badnets", { ...images, statistics }));
  assert.deepEqual(kinds.slice(0, 3), ["input", "standardise", "conv2d, relu"]);
});

Deno.test("an addition and its ReLU join the batch normalisation before them", () => {
  const kinds = kindsOf(createModel("resnet", { ...images, depth: 8 }));
  assert.equal(kinds.filter((kind) => kind === "batchNorm, two inputs, relu").length, 3);
  assert.equal(kinds.includes("add"), false);
});

Deno.test("a mask moves behind the max pooling that alone reads what it masks", () => {
  const { nodes } = readGraph(networkOfModel(createModel("article", images)), { isTraining: true });
  assert.deepEqual(nodes.map(({ masks }) => masks), [false, true, false, true, true, false]);
});

Deno.test("a mask is left to the average pooling that alone reads what it masks", () => {
  const { nodes } = readGraph(networkOfModel(createModel("badnets", images)), { isTraining: true });
  assert.deepEqual(
    nodes.map(({ operation, relu, masks }) => `${operation.kind} ${relu} ${masks}`),
    [
      "input false false",
      "conv2d true false",
      "averagePool false false",
      "conv2d true false",
      "averagePool false false",
      "dense true true",
      "dense false false",
    ],
  );
});

/** A model of one layer between images and a softmax. */
function around(...middle: tf.layers.Layer[]): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [6, 6, 2], filters: 4, kernelSize: 3, name: "conv" }),
      ...middle,
      layers.flatten(),
      layers.dense({ units: 3, activation: "softmax", name: "head" }),
    ],
  });
}

const frozen = around();
frozen.layers[0]!.trainable = false;

const unsupported: readonly [name: string, tf.LayersModel, message: RegExp][] = [
  ["an unknown layer", around(layers.upSampling2d({ name: "up" })), /no kernels for layer up/],
  [
    "an unknown activation",
    around(layers.activation({ activation: "tanh", name: "t" })),
    /t has activation tanh/,
  ],
  ["a capped ReLU", around(layers.reLU({ maxValue: 6, name: "six" })), /six has activation relu6/],
  [
    "a regularizer",
    around(layers.conv2d({ filters: 2, kernelSize: 1, name: "r", kernelRegularizer: "l1l2" })),
    /r has a kernelRegularizer/,
  ],
  ["a frozen layer", frozen, /conv is frozen/],
  [
    "ReLU behind dropout",
    around(new SeededDropout({ name: "d", rate: 0.5, seed: 1 }), layers.reLU({ name: "late" })),
    /late follows/,
  ],
  [
    "channels first",
    around(
      layers.conv2d({ filters: 2, kernelSize: 1, dataFormat: "channelsFirst", name: "first" }),
    ),
    /first has its channels first/,
  ],
  [
    "batch normalisation without scale",
    around(layers.batchNormalization({ scale: false, name: "norm" })),
    /norm is without scale or centre/,
  ],
  [
    "batch normalisation over rows",
    around(layers.batchNormalization({ axis: 1, name: "rows" })),
    /rows normalises axis 1/,
  ],
  [
    "a dense layer on each pixel",
    around(layers.dense({ units: 3, name: "pixels" })),
    /pixels is applied along an axis/,
  ],
  [
    "a softmax before the end",
    around(layers.conv2d({ filters: 2, kernelSize: 1, activation: "softmax" })),
    /stands behind softmax/,
  ],
  [
    "a softmax of a convolution",
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [3, 3, 1], filters: 2, kernelSize: 3, activation: "softmax" }),
      ],
    }),
    /does not end in a dense layer or an addition with softmax/,
  ],
  [
    "no softmax",
    tf.sequential({
      layers: [layers.flatten({ inputShape: [2, 2, 1] }), layers.dense({ units: 2 })],
    }),
    /does not end in a dense layer or an addition with softmax/,
  ],
  [
    "an input without images",
    tf.sequential({ layers: [layers.dense({ inputShape: [4], units: 2, activation: "softmax" })] }),
    /its input is of shape/,
  ],
];

for (const [name, model, message] of unsupported) {
  Deno.test(`${name} is refused by name`, () => {
    assert.throws(() => readGraph(networkOfModel(model), { isTraining: true }), {
      name: "UnsupportedModelError",
      message,
    });
  });
}

Deno.test("what is read before its activation cannot be folded", () => {
  const input = tf.input({ shape: [4, 4, 1] });
  const conv = layers.conv2d({ filters: 2, kernelSize: 3, padding: "same" })
    .apply(input) as tf.SymbolicTensor;
  const relu = layers.reLU({ name: "relu" }).apply(conv) as tf.SymbolicTensor;
  const sum = layers.add().apply([conv, relu]) as tf.SymbolicTensor;
  const flat = layers.flatten().apply(sum) as tf.SymbolicTensor;
  const output = layers.dense({ units: 2, activation: "softmax" }).apply(flat) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  assert.throws(
    () => readGraph(networkOfModel(model), { isTraining: true }),
    /relu follows one that others read too/,
  );
});

/** A model on images 20×20×1, whose middle makes one tensor of some. */
function through(
  middle: (x: tf.SymbolicTensor) => tf.SymbolicTensor | tf.SymbolicTensor[],
): tf.LayersModel {
  const input = tf.input({ shape: [20, 20, 1] });
  const results = [middle(input)].flat();
  const outputs = results.map((result) =>
    layers.dense({ units: 2, activation: "softmax" })
      .apply(layers.flatten().apply(result)) as tf.SymbolicTensor
  );
  return tf.model({ inputs: input, outputs });
}

const shared = layers.conv2d({ filters: 1, kernelSize: 3, padding: "same", name: "shared" });
const graphs: readonly (readonly [name: string, tf.LayersModel, message: RegExp])[] = [
  ["several outputs", through((x) => [x, x]), /the model has several inputs or outputs/],
  [
    "a layer in two places",
    through((x) => shared.apply(shared.apply(x)) as tf.SymbolicTensor),
    /layer shared is used in several places/,
  ],
  [
    "a tensor plus itself",
    through((x) => layers.add({ name: "twice" }).apply([x, x]) as tf.SymbolicTensor),
    /layer twice does not add two different tensors/,
  ],
  [
    "a maximum of more pixels than a byte counts",
    through((x) =>
      layers.maxPooling2d({ poolSize: 16, name: "wide" }).apply(x) as tf.SymbolicTensor
    ),
    /layer wide pools windows of more than 255 pixels/,
  ],
];

for (const [name, model, message] of graphs) {
  Deno.test(`${name}: refused by name`, () => {
    assert.throws(() => readGraph(networkOfModel(model), { isTraining: true }), {
      name: "UnsupportedModelError",
      message,
    });
  });
}

Deno.test("the largest windows: a maximum of 255 pixels, a mean of any number", () => {
  const largest = through((x) =>
    layers.maxPooling2d({ poolSize: [15, 17] }).apply(x) as tf.SymbolicTensor
  );
  assert.deepEqual(kindsOf(largest), ["input", "maxPool", "dense"]);
  const mean = through((x) =>
    layers.averagePooling2d({ poolSize: 20 }).apply(x) as tf.SymbolicTensor
  );
  assert.deepEqual(kindsOf(mean), ["input", "averagePool", "dense"]);
});

Deno.test("parameters are the model's weights, in tfjs's order; moving averages are not trained", () => {
  const model = createModel("resnet", { ...images, depth: 8 });
  const { parameters } = readGraph(networkOfModel(model), { isTraining: true });
  assert.deepEqual(
    parameters.map(({ name, shape }) => [name, shape]),
    model.weights.map(({ originalName, shape }) => [originalName, shape]),
  );
  for (const { name, isTrainable } of parameters) {
    assert.equal(isTrainable, !/moving/.test(name), name);
  }
});

Deno.test("a frozen layer is no matter to an engine that only classifies", () => {
  assert.deepEqual(kindsOf(frozen, false), ["input", "conv2d", "dense"]);
});
