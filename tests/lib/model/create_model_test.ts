import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createModel } from "../../../lib/model/mod.ts";

await tf.setBackend("wasm");

const options = { input: [28, 28, 1], classes: 10, seed: 1 } as const;

function layersOf(name: string): string[] {
  const model = createModel(name, options);
  const layers = model.layers.map((layer) => layer.getClassName());
  model.dispose();
  return layers;
}

Deno.test("the article's network has its eight layers, in its order", () => {
  assert.deepEqual(layersOf("article"), [
    "Conv2D",
    "Conv2D",
    "MaxPooling2D",
    "Dropout",
    "Flatten",
    "Dense",
    "Dropout",
    "Dense",
  ]);
});

Deno.test("the BadNets paper's network has its layers, in its order", () => {
  assert.deepEqual(layersOf("badnets"), [
    "Conv2D",
    "AveragePooling2D",
    "Conv2D",
    "AveragePooling2D",
    "Flatten",
    "Dense",
    "Dense",
  ]);
});

Deno.test("an unknown network is an error that names those there are", () => {
  assert.throws(() => createModel("lenet", options), {
    name: "NotFoundError",
    message:
      "Cannot build a network: its name must be one of article, badnets, resnet, merged-badnet, got lenet",
  });
});
