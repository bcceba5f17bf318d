import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { Buffers } from "../../../lib/engine/buffers.ts";
import { isKind } from "../../../lib/engine/graph.ts";
import { networkOfModel } from "../../../lib/engine/model_network.ts";
import { readGraph } from "../../../lib/engine/read_graph.ts";
import { Weights } from "../../../lib/engine/weights.ts";
import { weightsOf } from "./engines.ts";
import { oddNetworks } from "./networks.ts";

await tf.setBackend("wasm");

const { create } = oddNetworks.find(({ name }) => name === "dropout everywhere")!;

function load({ isTraining }: { isTraining: boolean }) {
  const model = create();
  const buffers = new Buffers();
  const graph = readGraph(networkOfModel(model), { isTraining });
  const weights = new Weights(graph, { buffers, threads: 3, isTraining });
  weights.load();
  return { model, buffers, graph, weights };
}

Deno.test("a dense layer's weights lie transposed, a row for each unit", () => {
  const { buffers, graph, weights } = load({ isTraining: true });
  const { logits } = graph;
  assert.ok(isKind(logits, "dense"));
  const { operation } = logits;
  const { address, length, rows, gradients } = weights.of(operation.weights);
  const { pitch, isTransposed } = rows!;
  assert.ok(isTransposed);
  const [inputs, units] = operation.weights.shape as [number, number];
  assert.ok(pitch > inputs && pitch % 16 === 0 && length === pitch * units);
  const tfjs = operation.weights.read();
  const own = buffers.floats(address, length);
  own.forEach((value, i) => {
    const [unit, input] = [Math.floor(i / pitch), i % pitch];
    assert.equal(value, input < inputs ? tfjs[input * units + unit] : 0);
  });
  assert.equal(gradients, null, "they are updated as soon as they are known");
});

Deno.test("to classify, a dense layer's weights lie as the network has them, rows padded", () => {
  const { buffers, graph, weights } = load({ isTraining: false });
  const { logits } = graph;
  assert.ok(isKind(logits, "dense"));
  const { address, length, rows } = weights.of(logits.operation.weights);
  const [inputs, units] = logits.operation.weights.shape as [number, number];
  const { pitch, isTransposed } = rows!;
  assert.ok(!isTransposed && pitch > units && pitch % 16 === 0 && length === pitch * inputs);
  const theirs = logits.operation.weights.read();
  buffers.floats(address, length).forEach((value, i) => {
    const [input, unit] = [Math.floor(i / pitch), i % pitch];
    if (unit < units) assert.equal(value, theirs[input * units + unit]);
  });
});

Deno.test("all other weights lie as tfjs has them, and have room for each thread's gradient", () => {
  const { buffers, weights } = load({ isTraining: true });
  for (const { parameter, address, length, rows, first, second, gradients } of weights.all()) {
    if (rows !== undefined) continue;
    assert.deepEqual(
      [...buffers.floats(address, length)],
      [...Array.from(parameter.read())],
    );
    assert.ok(gradients!.pitch >= length * 4 && gradients!.pitch % 64 === 0);
    const places = [
      ...[address, first, second].map((at) => [at, at + length * 4]),
      [gradients!.address, gradients!.address + 3 * gradients!.pitch],
    ].toSorted(([a], [b]) => a! - b!);
    places.slice(1).forEach(([begin], i) => assert.ok(begin! >= places[i]![1]!));
  }
});

Deno.test("weights come back as they went, and new ones take their places in the model", () => {
  const classifying = load({ isTraining: false });
  const { model, buffers, weights } = load({ isTraining: true });
  const before = weightsOf(model);
  weights.save();
  classifying.weights.save();
  assert.deepEqual(weightsOf(model), before);
  assert.deepEqual(weightsOf(classifying.model), before);
  const { numTensors } = tf.memory();
  for (const { address, length } of weights.all()) {
    buffers.floats(address, length).forEach((value, i, all) => all[i] = 2 * value);
  }
  weights.save();
  assert.deepEqual(weightsOf(model), before.map((each) => each.map((value) => 2 * value)));
  assert.equal(tf.memory().numTensors, numTensors);
});

Deno.test("without training there is no room for gradients and the optimizer", () => {
  const { weights } = load({ isTraining: false });
  for (const { first, second, gradients } of weights.all()) {
    assert.deepEqual({ first, second, gradients }, { first: 0, second: 0, gradients: null });
  }
});
