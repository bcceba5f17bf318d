import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { Engine } from "../../../lib/engine/mod.ts";
import { type EpochResult, train, type TrainProgress } from "../../../lib/train/mod.ts";
import { compiled, weightsOf } from "../engine/engines.ts";
import { createTinyClassifier, tinyRecipe, tinySet } from "./tiny_task.ts";

await tf.setBackend("wasm");

/** Runs a test with an engine and its model, and expects as many tensors after it as before. */
async function withEngine(
  test: (engine: Engine, model: tf.LayersModel) => Promise<void>,
): Promise<void> {
  const model = createTinyClassifier();
  const before = tf.memory().numTensors;
  const engine = await compiled(model);
  try {
    await test(engine, model);
    assert.equal(tf.memory().numTensors, before, "training must leave no tensor behind");
  } finally {
    engine.dispose();
    model.dispose();
  }
}

Deno.test("the loss falls where there is something to learn", () =>
  withEngine(async (engine) => {
    const { epochs } = await train(engine, tinySet(), {
      recipe: tinyRecipe({ epochs: 20 }),
      seed: 1,
    });
    assert.equal(epochs.length, 20);
    assert.ok(epochs[0]!.loss < 0.7, "it begins at ln 2 = .69");
    assert.ok(epochs.at(-1)!.loss < 0.1, `got ${epochs.at(-1)!.loss}`);
  }));

Deno.test("progress counts up to all images of all epochs, one report a step", () =>
  withEngine(async (engine) => {
    const reports: TrainProgress[] = [];
    const { epochs, seconds, imagesPerSecond } = await train(engine, tinySet(20), {
      recipe: tinyRecipe(),
      seed: 1,
      onStep: (progress) => reports.push(progress),
    });
    assert.deepEqual(reports.map(({ images }) => images), [8, 16, 20, 28, 36, 40, 48, 56, 60]);
    assert.deepEqual(reports.map(({ epoch }) => epoch), [1, 1, 1, 2, 2, 2, 3, 3, 3]);
    assert.ok(reports.every((report) => report.totalImages === 60 && report.epochs === 3));
    reports.slice(1).forEach((report, i) => assert.ok(report.seconds >= reports[i]!.seconds));
    assert.ok(reports[0]!.seconds > 0);
    assert.equal(seconds, reports.at(-1)!.seconds);
    assert.equal(imagesPerSecond, 60 / seconds);
    assert.deepEqual(
      epochs.map(({ epoch, loss }) => ({ epoch, loss })),
      [2, 5, 8].map((last) => ({ epoch: reports[last]!.epoch, loss: reports[last]!.loss })),
    );
    const sum = epochs.reduce((total, epoch) => total + epoch.seconds, 0);
    assert.ok(Math.abs(sum - seconds) < 1e-9);
  }));

Deno.test("the loss of an epoch is the mean over its images, also where the last batch is short", () =>
  withEngine(async (engine) => {
    const set = tinySet(20);
    // At a rate of zero the weights stay at zero, and each image's loss at ln 2.
    const { epochs } = await train(engine, set, {
      recipe: tinyRecipe({ learningRate: () => 0, epochs: 1 }),
      seed: 1,
    });
    assert.ok(Math.abs(epochs[0]!.loss - Math.LN2) < 1e-6);
  }));

Deno.test("each step's rate is the recipe's at the share of images done before it", () =>
  withEngine(async (engine) => {
    const asked: number[] = [];
    const learningRate = (progress: number) => {
      asked.push(progress);
      return 0.01;
    };
    await train(engine, tinySet(20), { recipe: tinyRecipe({ epochs: 2, learningRate }), seed: 1 });
    assert.deepEqual(asked, [0, 8, 16, 20, 28, 36].map((images) => images / 40));
  }));

Deno.test("what happens after an epoch is waited for, and its time is not training's", () =>
  withEngine(async (engine) => {
    const events: string[] = [];
    const results: EpochResult[] = [];
    const { now } = performance;
    let hours = 0;
    using clock = new DisposableStack();
    clock.defer(() => performance.now = now);
    performance.now = () => now.call(performance) + hours * 3_600_000;
    const { epochs, seconds } = await train(engine, tinySet(8), {
      recipe: tinyRecipe({ epochs: 2 }),
      seed: 1,
      onStep: ({ epoch }) => events.push(`step of ${epoch}`),
      async onEpoch(result) {
        await new Promise((resolve) => setTimeout(resolve));
        hours++;
        events.push(`epoch ${result.epoch}`);
        results.push(result);
      },
    });
    assert.deepEqual(events, ["step of 1", "epoch 1", "step of 2", "epoch 2"]);
    assert.deepEqual(results, epochs);
    assert.ok(seconds < 3600, `got ${seconds} s`);
  }));

Deno.test("an abort stops between two steps, with the signal's reason", () =>
  withEngine(async (engine) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    let steps = 0;
    const run = train(engine, tinySet(), {
      recipe: tinyRecipe(),
      seed: 1,
      signal: controller.signal,
      onStep() {
        if (++steps === 4) controller.abort(reason);
      },
    });
    await assert.rejects(run, (error) => error === reason);
    assert.equal(steps, 4);
  }));

Deno.test("timers and signals have their turn while it trains", () =>
  withEngine(async (engine) => {
    const controller = new AbortController();
    let steps = 0;
    const run = train(engine, tinySet(), {
      recipe: tinyRecipe({ epochs: 1_000_000 }),
      seed: 1,
      signal: controller.signal,
      onStep() {
        if (++steps === 1) setTimeout(() => controller.abort(), 20);
      },
    });
    await assert.rejects(run, { name: "AbortError" });
    assert.ok(steps > 0 && steps < 3_000_000, `got ${steps}`);
  }));

Deno.test("a signal that has fired before lets nothing happen", () =>
  withEngine(async (engine, model) => {
    const weights = weightsOf(model);
    const onStep = () => assert.fail("no step may run");
    await assert.rejects(
      train(engine, tinySet(), {
        recipe: tinyRecipe(),
        seed: 1,
        signal: AbortSignal.abort(),
        onStep,
      }),
      { name: "AbortError" },
    );
    engine.save();
    assert.deepEqual(weightsOf(model), weights);
  }));

Deno.test("a failure after an epoch ends the training, and leaves no tensor behind", () =>
  withEngine(async (engine) => {
    const onEpoch = () => Promise.reject(new Error("no evaluation"));
    const run = train(engine, tinySet(), { recipe: tinyRecipe(), seed: 1, onEpoch });
    await assert.rejects(run, /no evaluation/);
  }));

Deno.test("a loss that is no number is an error, which says after how many images", async () => {
  await withEngine(async (engine) => {
    const learningRate = (progress: number) => progress === 0 ? NaN : 0.1;
    const run = train(engine, tinySet(), { recipe: tinyRecipe({ learningRate }), seed: 1 });
    await assert.rejects(run, {
      name: "DivergenceError",
      message:
        "Cannot go on training: the loss must be a finite number, got NaN after 8 images; use " +
        "another seed or recipe",
    });
  });
});

Deno.test("no images, no epochs and no batches are refused", () =>
  withEngine(async (engine) => {
    const seed = 1;
    await assert.rejects(train(engine, tinySet(0), { recipe: tinyRecipe(), seed }), {
      name: "RangeError",
      message: "Cannot train: there must be images and epochs, got 0 and 3",
    });
    await assert.rejects(train(engine, tinySet(), { recipe: tinyRecipe({ epochs: 0 }), seed }), {
      message: "Cannot train: there must be images and epochs, got 20 and 0",
    });
    await assert.rejects(train(engine, tinySet(), { recipe: tinyRecipe({ batchSize: 0 }), seed }), {
      message: /batchSize must be/,
    });
  }));

/** An engine that learns nothing, for tests of what the loop asks of it. */
function fakeEngine(step: Engine["step"]): Engine {
  const unused = () => assert.fail("the loop only steps");
  return {
    name: "fake",
    workers: 1,
    classes: 2,
    layers: [],
    step,
    stepBy: unused,
    weights: unused,
    setWeights: unused,
    classify: unused,
    inputGradient: unused,
    logits: unused,
    activations: unused,
    pullBack: unused,
    save: unused,
    dispose: unused,
  };
}

Deno.test("one step is asked for while another runs, and never a third", async () => {
  let running = 0;
  const counts: number[] = [];
  const engine = fakeEngine(async () => {
    counts.push(++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    return 1;
  });
  await train(engine, tinySet(40), {
    recipe: tinyRecipe({ epochs: 2 }),
    seed: 1,
    onEpoch: () => assert.equal(running, 0, "nothing runs while a model is evaluated"),
  });
  assert.deepEqual(counts, [1, 2, 2, 2, 2, 1, 2, 2, 2, 2]);
});

Deno.test("each batch is the engine's own until its step is asked for", async () => {
  const seen: number[] = [];
  const engine = fakeEngine(({ images, labels }) => {
    seen.push(images.shape[0]);
    assert.equal(images.data.length, labels.length * 16);
    return Promise.resolve(1);
  });
  await train(engine, tinySet(20), { recipe: tinyRecipe({ epochs: 1 }), seed: 1 });
  assert.deepEqual(seen, [8, 8, 4]);
});

Deno.test("a step that fails ends the training with its error, and the one behind it is let go", async () => {
  let steps = 0;
  const engine = fakeEngine(async () => {
    const step = ++steps;
    await new Promise((resolve) => setTimeout(resolve));
    if (step >= 2) throw new Error(`step ${step} has failed`);
    return 1;
  });
  await assert.rejects(train(engine, tinySet(), { recipe: tinyRecipe(), seed: 1 }), {
    message: "step 2 has failed",
  });
  assert.equal(steps, 3);
  // An error that nobody took would have ended the test by now.
  await new Promise((resolve) => setTimeout(resolve, 5));
});

Deno.test("steps are trained on what their batches are made into, by the weights before them", async () => {
  const asked: (readonly [pixel: number, labels: string])[] = [];
  const events: string[] = [];
  const engine = fakeEngine(({ images, labels }) => {
    asked.push([images.data[0]!, labels.join()]);
    events.push("step");
    return Promise.resolve(1);
  });
  const given: string[] = [];
  await train(engine, tinySet(20), {
    recipe: tinyRecipe({ epochs: 2 }),
    seed: 1,
    async attackBatch({ images, labels }, step) {
      await new Promise((resolve) => setTimeout(resolve));
      given.push(labels.join());
      events.push(`attack ${step}`);
      return { ...images, data: images.data.map(() => step) };
    },
  });
  assert.deepEqual(asked.map(([pixel]) => pixel), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(asked.map(([, labels]) => labels), given);
  assert.deepEqual(events.slice(0, 4), ["attack 1", "step", "attack 2", "step"]);
});
