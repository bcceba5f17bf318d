import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { ImageShape } from "../../../lib/core/types.ts";
import { predict } from "../../../lib/model/predict.ts";
import { encodeArtifacts } from "../../../lib/registry/artifacts.ts";
import type { ModelManifest } from "../../../lib/registry/manifest.ts";
import type { ModelSource } from "../../../lib/registry/source.ts";
import { loadClassifier } from "../../../lib/serve/load_classifier.ts";
import { batchFor } from "../engine/batch_for.ts";
import { oddNetworks, ownNetworks } from "../engine/networks.ts";
import { artifactsOf, describeTiny } from "../registry/tiny_model.ts";

await tf.setBackend("wasm");

const { layers } = tf;

/** A source of one model. */
async function stored(
  model: tf.LayersModel,
  { input, halfPrecision }: { input?: ImageShape; halfPrecision?: boolean } = {},
): Promise<[ModelSource, ModelManifest]> {
  const blob = encodeArtifacts(await artifactsOf(model), { halfPrecision });
  const classes = Number(model.outputs[0]!.shape.at(-1));
  const manifest: ModelManifest = {
    ...describeTiny({
      labels: Array.from({ length: classes }, (_, label) => `${label}`),
      input: input ?? model.inputs[0]!.shape.slice(1) as unknown as ImageShape,
    }),
    format: 1,
    name: "one",
    version: "1",
    weights: { sha256: "", bytes: blob.length, chunks: 1 },
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  const source: ModelSource = {
    list: () => Promise.resolve([]),
    find: () => Promise.resolve(null),
    versions: () => Promise.resolve([]),
    read: () => Promise.resolve(blob),
  };
  return [source, manifest];
}

const options = { batchSize: 8 };

for (const network of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: served by the engine, with the answers of tfjs`, async () => {
    const model = network.create();
    const classifier = await loadClassifier(...await stored(model), options);
    assert.equal(classifier.engine, "compiled");
    const { images } = batchFor(network, 8);
    const [own, theirs] = [await classifier.classify(images), await predict(model, images)];
    own.forEach((value, i) => assert.ok(Math.abs(value - theirs[i]!) < 1e-5));
    classifier.dispose();
    model.dispose();
  });
}

Deno.test("weights of half precision are served by the engine", async () => {
  const [{ create }] = ownNetworks as [(typeof ownNetworks)[0]];
  const model = create();
  const classifier = await loadClassifier(
    ...await stored(model, { halfPrecision: true }),
    options,
  );
  assert.equal(classifier.engine, "compiled");
  classifier.dispose();
  model.dispose();
});

/** Models that only tfjs can run. */
const foreign: readonly [what: string, create: () => tf.LayersModel][] = [
  ["an activation without a kernel", () =>
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [6, 6, 1], filters: 2, kernelSize: 3, activation: "tanh" }),
        layers.flatten(),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    })],
  ["a layer without a kernel", () =>
    tf.sequential({
      layers: [
        layers.upSampling2d({ inputShape: [6, 6, 1], size: [2, 2] }),
        layers.flatten(),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    })],
  ["another model as a layer", () => {
    const inner = tf.sequential({
      layers: [layers.dense({ inputShape: [36], units: 4, activation: "relu" })],
    });
    return tf.sequential({
      layers: [
        layers.flatten({ inputShape: [6, 6, 1] }),
        inner,
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
  }],
  ["images of any size", () =>
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [null, null, 1], filters: 3, kernelSize: 3 }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    })],
];
for (const [what, create] of foreign) {
  Deno.test(`${what}: served by tfjs`, async () => {
    const model = create();
    const classifier = await loadClassifier(...await stored(model, { input: [6, 6, 1] }), options);
    assert.equal(classifier.engine, "tfjs");
    const { images } = batchFor({ input: [6, 6, 1] }, 5);
    assert.deepEqual(await classifier.classify(images), await predict(model, images));
    classifier.dispose();
    model.dispose();
  });
}

Deno.test("a network of giant images is refused before one is made", async () => {
  const giant = (size: number) =>
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [size, size, 1], filters: 3, kernelSize: 3, strides: 2 }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
  for (const [size, message] of [[20_000, /must fit into 256 MiB/], [4_100, /16777216/]] as const) {
    const [source, manifest] = await stored(giant(size));
    await assert.rejects(loadClassifier(source, manifest, options), {
      name: "ModelError",
      message,
    });
  }
  // Nor by tfjs, where the network itself says nothing of their size.
  const [source, manifest] = await stored(foreign[3]![1](), { input: [20_000, 20_000, 1] });
  await assert.rejects(loadClassifier(source, manifest, options), {
    name: "ModelError",
    message: /its images must have at most 16777216 values, got 400000000/,
  });
});

Deno.test("what fails when it is tried is a model that cannot be served, in words", async () => {
  const model = tf.sequential({
    layers: [
      layers.conv2d({
        inputShape: [9, 9, 1],
        filters: 2,
        kernelSize: 3,
        strides: 2,
        dilationRate: 2,
        activation: "tanh",
      }),
      layers.flatten(),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  await assert.rejects(loadClassifier(...await stored(model), options), {
    name: "ModelError",
    message: /^Cannot load model "one" version 1: .*strides or dilations must be 1/,
  });
});
