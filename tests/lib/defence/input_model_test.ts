import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { has, inputModelOf } from "../../../lib/defence/mod.ts";
import { createModel } from "../../../lib/model/mod.ts";
import { compiled } from "../engine/engines.ts";
import { batchFor } from "../engine/batch_for.ts";

await tf.setBackend("wasm");

const input = [16, 16, 3] as const;
const { images } = batchFor({ input }, 5);

Deno.test("an engine drops out by a seed, and amplifies its last batch normalisations", async () => {
  const model = createModel("resnet", { input, classes: 10, seed: 1, depth: 8 });
  const engine = await compiled(model, { optimizer: null });
  const { scaling, ...inputModel } = inputModelOf(engine);
  const plain = await inputModel.classify(images);
  const dropped = (seed: number) => inputModel.classifyWithDropout!(images, { rate: 0.5, seed });
  assert.deepEqual(await dropped(1), await dropped(1));
  assert.notDeepEqual(await dropped(1), await dropped(2));

  const norms = engine.layers.filter(({ className }) => className === "BatchNormalization");
  assert.equal(scaling!.layers, norms.length);
  const last = norms.slice(-2).map(({ name }) => [name, { factors: 3 }]);
  const alteration = { channels: Object.fromEntries(last) };
  const scaled = await scaling!.scaled(2, 3);
  assert.deepEqual(await scaled.classify(images), await engine.classify(images, { alteration }));
  assert.notDeepEqual(await scaled.classify(images), plain);
  assert.deepEqual(await (await scaling!.scaled(2, 1)).classify(images), plain);
  engine.dispose();
  model.dispose();
});

Deno.test("a network without batch normalisation has no layers that can be amplified", async () => {
  const model = createModel("badnets", { input: [28, 28, 1], classes: 10, seed: 1 });
  const engine = await compiled(model, { optimizer: null });
  const needs = ["activations", "dropout", "scaling"] as const;
  assert.deepEqual(needs.map((need) => has(inputModelOf(engine), need)), [true, true, false]);
  engine.dispose();
  model.dispose();
});
