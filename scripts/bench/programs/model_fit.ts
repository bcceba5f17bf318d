/**
 * Measures tfjs's own `model.fit` over one epoch with the drop-in kernels of `lib/wasm`, and tfjs's
 * `predict` over the test set, images a second; one thread.
 *
 * @module
 */

import * as tf from "../../../lib/core/tfjs.ts";
import type { LabelledImages } from "../../../lib/core/types.ts";
import { createModel } from "../../../lib/model/mod.ts";
import { materialise } from "../../../lib/poison/mod.ts";
import { Adam } from "../../../lib/wasm/mod.ts";
import { startBackend } from "../../../lib/job/backend.ts";
import { commandRuntime } from "../../cli/runtime.ts";
import { answer, programOptions } from "../program.ts";
import { loadTask, type TaskOptions, thin } from "../training_task.ts";

/** What the program is asked for. */
export interface ModelFitOptions extends TaskOptions {
  readonly network: string;
  readonly batchSize: number;
}

/** Steps before those that count: V8 optimises what has run for a while. */
const WARM_UP_STEPS = 10;

const options = programOptions<ModelFitOptions>();
const { network, batchSize } = options;
await startBackend(commandRuntime());
const { set, test, shape, classes } = await loadTask(options);
const model = createModel(network, { input: shape, classes, seed: 1 });
model.compile({ optimizer: new Adam(), loss: "categoricalCrossentropy" });

await fit(materialise(thin(set, WARM_UP_STEPS * batchSize)));
const training = await fit(materialise(set));
const x = tf.tensor(test.images.data, [...test.images.shape]);
await predict();
const began = performance.now();
await predict();
const evaluation = 1000 * test.labels.length / (performance.now() - began);
answer({ training, evaluation });

/** One epoch, images a second. */
async function fit({ images, labels }: LabelledImages): Promise<number> {
  const x = tf.tensor(images.data, [...images.shape]);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
  const began = performance.now();
  await model.fit(x, y, { batchSize, epochs: 1, shuffle: true, verbose: 0 });
  const seconds = (performance.now() - began) / 1000;
  tf.dispose([x, y]);
  return labels.length / seconds;
}

/** The whole test set. */
async function predict(): Promise<void> {
  const probabilities = model.predict(x, { batchSize }) as tf.Tensor;
  await probabilities.data();
  probabilities.dispose();
}
