/**
 * The compiled engine's gradients, by one step of plain gradient descent. They agree with tfjs's to
 * 1e-5, but for a residual network's: there rounding switches ReLUs behind batch normalisation.
 */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { LabelledImages } from "../../../lib/core/types.ts";
import type { Engine } from "../../../lib/engine/mod.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { compiled, weightsOf } from "./engines.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

type CreateEngine = (model: tf.LayersModel) => Engine | Promise<Engine>;

interface Gradients {
  readonly loss: number;
  /** In tfjs's order, by what a rate of 1 took from the weights. */
  readonly gradients: readonly Float32Array[];
  readonly names: readonly string[];
}

async function gradientsOf(
  model: tf.LayersModel,
  createEngine: CreateEngine,
  batch: LabelledImages,
): Promise<Gradients> {
  const before = weightsOf(model);
  const engine = await createEngine(model);
  const loss = await engine.step(batch, 1);
  engine.save();
  engine.dispose();
  const gradients = weightsOf(model).map((after, i) =>
    after.map((value, j) => before[i]![j]! - value)
  );
  const names = model.weights.map(({ originalName }) => originalName);
  model.dispose();
  return { loss, gradients, names };
}

const descent = { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0 } as const;
const byTfjs: CreateEngine = (model) => createTfjsEngine(model, descent);
const byThreads = (workers: number): CreateEngine => (model) =>
  compiled(model, { workers, optimizer: descent });

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function assertEqual(actual: Gradients, expected: Gradients, rounding = 1e-5): void {
  assert.ok(Math.abs(actual.loss - expected.loss) < 1e-5, `${actual.loss}, ${expected.loss}`);
  // A bias before batch normalisation has no gradient at all, and rounding errors instead of it.
  const small = 0.1 * Math.max(...expected.gradients.map(largest));
  expected.gradients.forEach((gradient, i) => {
    const difference = largest(gradient.map((value, j) => value - actual.gradients[i]![j]!));
    const limit = rounding * Math.max(small, largest(gradient));
    assert.ok(difference < limit, `${expected.names[i]}: ${difference}, more than ${limit}`);
  });
}

for (const { create, rounding, ...network } of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: gradients are tfjs's, by any number of threads`, async () => {
    // A number that neither threads nor blocks of images divide.
    const batch = batchFor(network, 13);
    const expected = await gradientsOf(create(), byTfjs, batch);
    for (const workers of [1, 2, 3]) {
      assertEqual(await gradientsOf(create(), byThreads(workers), batch), expected, rounding);
    }
  });

  Deno.test(`${network.name}: gradients are tfjs's for fewer images than threads`, async () => {
    const batch = batchFor(network, 2);
    const expected = await gradientsOf(create(), byTfjs, batch);
    assertEqual(await gradientsOf(create(), byThreads(3), batch), expected, rounding);
  });
}

const SIZE = 9;
const DILATION = 2;

/** Two convolutions, the second of a window 3×3 that is spread over 5×5 pixels. */
function twoConvolutions({ padding, dilation }: { padding: "same" | "valid"; dilation: number }) {
  const { layers, initializers } = tf;
  const kernelInitializer = (seed: number) => initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      layers.conv2d({
        inputShape: [SIZE, SIZE, 2],
        filters: 3,
        kernelSize: 3,
        activation: "relu",
        kernelInitializer: kernelInitializer(1),
      }),
      layers.conv2d({
        filters: 5,
        kernelSize: dilation > 1 ? 3 : 2 * DILATION + 1,
        dilationRate: dilation,
        padding,
        activation: "relu",
        kernelInitializer: kernelInitializer(2),
      }),
      layers.flatten(),
      layers.dense({ units: 4, activation: "softmax", kernelInitializer: kernelInitializer(3) }),
    ],
  });
}

/** A filter 3×3 with zeros between its rows and columns. */
function spread(filter: tf.Tensor): tf.Tensor {
  const [, , inC, outC] = filter.shape as [number, number, number, number];
  const values = tf.buffer([5, 5, inC, outC], "float32");
  const from = filter.bufferSync();
  for (let y = 0; y < 3; y++) {
    for (let x = 0; x < 3; x++) {
      for (let i = 0; i < inC; i++) {
        for (let o = 0; o < outC; o++) {
          values.set(from.get(y, x, i, o) as number, y * DILATION, x * DILATION, i, o);
        }
      }
    }
  }
  return values.toTensor();
}

/** What `spread` leaves of a filter 5×5. */
function gathered(filter: Float32Array): Float32Array {
  const [inC, outC] = [3, 5];
  return Float32Array.from({ length: 9 * inC * outC }, (_, i) => {
    const pixel = Math.floor(i / (inC * outC));
    const [y, x] = [Math.floor(pixel / 3), pixel % 3];
    return filter[(y * 5 + x) * DILATION * inC * outC + i % (inC * outC)]!;
  });
}

for (const padding of ["same", "valid"] as const) {
  // tfjs refuses the gradient of a dilated convolution.
  Deno.test(`a dilated convolution, ${padding}, has the gradients of one with zeros in its filter`, async () => {
    const batch = batchFor({ input: [SIZE, SIZE, 2] }, 7);
    const dilated = twoConvolutions({ padding, dilation: DILATION });
    const plain = twoConvolutions({ padding, dilation: 1 });
    tf.tidy(() =>
      plain.setWeights(dilated.getWeights().map((weight, i) => i === 2 ? spread(weight) : weight))
    );
    const { gradients, ...rest } = await gradientsOf(plain, byTfjs, batch);
    const expected = {
      ...rest,
      gradients: gradients.map((each, i) => i === 2 ? gathered(each) : each),
    };
    assertEqual(await gradientsOf(dilated, byThreads(2), batch), expected);
  });
}
