import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import { softmaxCrossEntropy } from "../../../../lib/wasm/mod.ts";
import { softmax } from "../../../../lib/wasm/reference/softmax.ts";
import { assertValues, drawValues, evaluate, toTensor } from "../values.ts";

/** tfjs's own, on the cpu backend. */
function stock(labels: tf.Tensor2D, logits: tf.Tensor2D): tf.Tensor {
  return tf.losses.softmaxCrossEntropy(labels, logits, undefined, 0, tf.Reduction.NONE);
}

Deno.test("softmax cross-entropy and its gradient equal tfjs's, for labels one-hot or not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 2, max: 13 }),
      fc.boolean(),
      fc.nat(),
      async (rows, classes, isOneHot, seed) => {
        const logits = drawValues([rows, classes], { seed });
        const labels = () =>
          isOneHot
            ? tf.oneHot(
              tf.tensor1d(Array.from({ length: rows }, (_, i) => i % classes), "int32"),
              classes,
            )
              .toFloat() as tf.Tensor2D
            : tf.softmax(toTensor<tf.Rank.R2>(drawValues([rows, classes], { seed: seed + 1 })));
        const weights = () => toTensor(drawValues([rows], { seed: seed + 2 }));
        const of = (loss: typeof stock) => () =>
          tf.grad((x) => tf.mul(loss(labels(), x as tf.Tensor2D), weights()))(toTensor(logits));
        assertValues(
          await evaluate("wasm", () => softmaxCrossEntropy(labels(), toTensor(logits))),
          await evaluate("cpu", () => stock(labels(), toTensor(logits))),
          2e-6,
        );
        assertValues(
          await evaluate("wasm", of(softmaxCrossEntropy)),
          await evaluate("cpu", of(stock)),
          2e-6,
        );
      },
    ),
  );
});

Deno.test("it can be differentiated twice: 2 · H · g is the gradient of |g|²", async () => {
  const classes = 4;
  const logits = drawValues([1, classes], { seed: 1 });
  const labels = drawValues([1, classes], { seed: 2 });
  const total = labels.data.reduce((sum, label) => sum + label, 0);
  const p = softmax(logits).data;
  const g = p.map((chance, i) => total * chance - labels.data[i]!);
  const mean = g.reduce((sum, value, i) => sum + value * p[i]!, 0);
  const data = g.map((value, i) => 2 * total * p[i]! * (value - mean));
  const actual = await evaluate("wasm", () => {
    const loss = (x: tf.Tensor) => tf.sum(softmaxCrossEntropy(toTensor(labels), x as tf.Tensor2D));
    return tf.grad((x) => tf.sum(tf.square(tf.grad(loss)(x))))(toTensor(logits));
  });
  assertValues(actual, { data, shape: [1, classes] }, 1e-5);
});

Deno.test("its gradient to the labels is −ln softmax", async () => {
  const logits = drawValues([3, 4], { seed: 1 });
  const actual = await evaluate(
    "wasm",
    () =>
      tf.grad((labels) => softmaxCrossEntropy(labels as tf.Tensor2D, toTensor(logits)))(
        tf.ones([3, 4]),
      ),
  );
  const data = softmax(logits).data.map((chance) => -Math.log(chance));
  assertValues(actual, { data, shape: [3, 4] }, 1e-6);
});

Deno.test("logits far apart overflow nowhere, and an impossible class costs nothing where it is not", async () => {
  const { data } = await evaluate("wasm", () =>
    softmaxCrossEntropy(
      tf.tensor2d([[1, 0], [0, 1], [1, 0]]),
      tf.tensor2d([[1000, -1000], [1000, -1000], [5, -Infinity]]),
    ));
  assert.deepEqual([...data], [0, 2000, 0]);
});

Deno.test("model.compile takes it as a loss, and learns as with categoricalCrossentropy", async () => {
  await tf.setBackend("wasm");
  const losses: number[][] = [];
  for (const isFused of [true, false]) {
    const model = tf.sequential({
      layers: [tf.layers.dense({
        inputShape: [5],
        units: 3,
        activation: isFused ? "linear" : "softmax",
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      })],
    });
    model.compile({
      optimizer: "sgd",
      loss: isFused ? softmaxCrossEntropy : "categoricalCrossentropy",
    });
    const x = toTensor(drawValues([6, 5], { seed: 1 }));
    const y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2], "int32"), 3).toFloat();
    const { history } = await model.fit(x, y, { epochs: 5, shuffle: false, verbose: 0 });
    losses.push(history.loss as number[]);
    tf.dispose([x, y]);
    model.dispose();
  }
  const [fused, stocks] = losses as [number[], number[]];
  assert.ok(fused.at(-1)! < fused[0]!);
  for (const [i, loss] of stocks.entries()) assert.ok(Math.abs(fused[i]! - loss) < 1e-5);
});

Deno.test("of a model of sequences it is the mean over all steps, and so is what it learns by", async () => {
  await tf.setBackend("wasm");
  const classes = 3;
  for (const [samples, steps] of [[8, 5], [5, 5], [6, 1]] as const) {
    const x = toTensor(drawValues([samples, steps, 2], { seed: 1 }));
    // As tf.oneHot gives them: int32.
    const y = tf.oneHot(
      tf.tensor2d(
        Array.from({ length: samples * steps }, (_, i) => i * 7 % 5 % classes),
        [samples, steps],
        "int32",
      ),
      classes,
    );
    const losses: number[][] = [];
    for (const isFused of [true, false]) {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
      const model = tf.sequential({
        layers: [tf.layers.dense({
          inputShape: [steps, 2],
          units: classes,
          activation: isFused ? "linear" : "softmax",
          kernelInitializer,
        })],
      });
      const loss = isFused ? softmaxCrossEntropy : "categoricalCrossentropy";
      model.compile({ optimizer: tf.train.sgd(0.1), loss });
      const evaluated = model.evaluate(x, y, { batchSize: samples }) as tf.Scalar;
      const { history } = await model.fit(x, y, {
        ...{ epochs: 4, batchSize: samples, shuffle: false, verbose: 0 },
      });
      losses.push([evaluated.dataSync()[0]!, ...history.loss as number[]]);
      evaluated.dispose();
      model.dispose();
    }
    const [fused, stocks] = losses as [number[], number[]];
    assert.equal(fused.length, 5);
    assert.ok(fused.at(-1)! < fused[0]!);
    for (const [i, loss] of stocks.entries()) {
      assert.ok(Math.abs(fused[i]! - loss) < 1e-5, `${fused} for ${stocks}`);
    }
    tf.dispose([x, y]);
  }
});

Deno.test("losses have the shape of the logits without their classes, whatever the labels' type", async () => {
  const logits = drawValues([2, 3, 2, 4], { seed: 1 });
  const classes = Array.from({ length: 12 }, (_, i) => i % 4);
  const labels = () => tf.oneHot(tf.tensor3d(classes, [2, 3, 2], "int32"), 4);
  const actual = await evaluate("wasm", () => softmaxCrossEntropy(labels(), toTensor(logits)));
  const chances = softmax({ data: logits.data, shape: [12, 4] }).data;
  const data = Float64Array.from(classes, (label, i) => -Math.log(chances[i * 4 + label]!));
  assertValues(actual, { data, shape: [2, 3, 2] }, 1e-6);
  const asBool = () => softmaxCrossEntropy(labels().cast("bool"), toTensor(logits));
  assertValues(await evaluate("wasm", asBool), actual);
  const one = await evaluate("wasm", () => softmaxCrossEntropy(tf.ones([1]), tf.ones([1])));
  assert.deepEqual([one.shape, [...one.data]], [[], [0]]);
});

Deno.test("it leaves no tensor behind, and refuses one number and integer logits", async () => {
  await tf.setBackend("wasm");
  const [labels, logits] = [tf.ones([2, 2, 3], "int32"), tf.ones([2, 2, 3])];
  const { numTensors } = tf.memory();
  softmaxCrossEntropy(labels, logits).dispose();
  assert.throws(() => softmaxCrossEntropy(labels, labels), {
    name: "TypeError",
    message: /float32, got int32/,
  });
  assert.equal(tf.memory().numTensors, numTensors);
  tf.tidy(() => {
    assert.throws(
      () => softmaxCrossEntropy(tf.scalar(1), tf.scalar(1)),
      /logits must be \(…, classes\), got one number/,
    );
  });
  tf.dispose([labels, logits]);
});

Deno.test("labels of another shape are refused", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() =>
    assert.throws(
      () => softmaxCrossEntropy(tf.ones([2, 3]), tf.ones([2, 4])),
      /Cannot take a cross-entropy/,
    )
  );
});
