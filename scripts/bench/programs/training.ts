/**
 * Measures `train`'s own loop over one epoch, and the evaluation of the test set, images a second.
 *
 * @module
 */

import { evaluateClean } from "../../../lib/evaluate/mod.ts";
import { createModel } from "../../../lib/model/mod.ts";
import { findRecipe, train } from "../../../lib/train/mod.ts";
import { startBackend, startEngine } from "../../../lib/job/backend.ts";
import { commandRuntime } from "../../cli/runtime.ts";
import { answer, programOptions } from "../program.ts";
import { loadTask, type TaskOptions, thin } from "../training_task.ts";

/** What the program is asked for. */
export interface TrainingOptions extends TaskOptions {
  readonly network: string;
  readonly batchSize: number;
  readonly workers: number;
}

/** Steps before those that count: V8 optimises what has run for a while. */
const WARM_UP_STEPS = 10;

const options = programOptions<TrainingOptions>();
const { network, batchSize, workers } = options;
await startBackend(commandRuntime());
const { set, test, shape, classes } = await loadTask(options);
const model = createModel(network, { input: shape, classes, seed: 1 });

// The article's rate, without images moved: what the peers do.
const recipe = { ...findRecipe("article"), epochs: 1, batchSize };
const { optimizer } = recipe;
const engine = await startEngine(model, commandRuntime(), { batchSize, workers, optimizer });
await train(engine, thin(set, WARM_UP_STEPS * batchSize), { recipe, seed: 1 });
const began = performance.now();
await train(engine, set, { recipe, seed: 1 });
const trained = performance.now();
await evaluateClean((images) => engine.classify(images), test);
const evaluating = performance.now();
const { cleanAccuracy } = await evaluateClean((images) => engine.classify(images), test);
const evaluated = performance.now();
engine.dispose();
answer({
  training: 1000 * set.rows.length / (trained - began),
  evaluation: 1000 * test.labels.length / (evaluated - evaluating),
  cleanAccuracy,
}, { engine: engine.name });
