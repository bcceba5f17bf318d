/** Compiled programs, run by one thread that plays all of them. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "../../../lib/core/random.ts";
import { Buffers } from "../../../lib/engine/buffers.ts";
import { IMAGES, INPUT_GRADIENT } from "../../../lib/engine/builder.ts";
import {
  compile,
  GAIN,
  LABELS,
  LOGITS_GRADIENT,
  maskSettings,
  RESULTS,
  type Task,
} from "../../../lib/engine/compile.ts";
import { sizeOf } from "../../../lib/engine/graph.ts";
import { type Optimizer, optimizerSettings } from "../../../lib/engine/optimizer.ts";
import type { Call, Plan, Stage } from "../../../lib/engine/plan.ts";
import { networkOfModel } from "../../../lib/engine/model_network.ts";
import { readGraph } from "../../../lib/engine/read_graph.ts";
import { Weights } from "../../../lib/engine/weights.ts";
import { instantiate } from "../../../lib/wasm/module.ts";
import { batchFor } from "./batch_for.ts";
import { oddNetworks, ownNetworks, type TestNetwork } from "./networks.ts";
import { sharedKernels } from "./shared_kernels.ts";

await tf.setBackend("wasm");

/** Puts the threads' calls of a stage into one order, each thread's in its own. */
type Schedule = (stage: Stage) => readonly Call[];

const forward: Schedule = (stage) => stage.flat();
const backward: Schedule = (stage) => stage.toReversed().flat();

/** Now one thread, now another, a call at a time. */
function interleaved(seed: number): Schedule {
  const { integer } = createRandom(seed, "schedule");
  return (stage) => {
    const rest = stage.map((calls) => [...calls]).filter((calls) => calls.length > 0);
    const order: Call[] = [];
    while (rest.length > 0) {
      const thread = integer(rest.length);
      order.push(rest[thread]!.shift()!);
      if (rest[thread]!.length === 0) rest.splice(thread, 1);
    }
    return order;
  };
}

const THREADS = 3;
const IMAGES_OF_A_STEP = 7;
const adam: Optimizer = { kind: "adam" };

/** Runs a task once, and answers with all memory that the engine has then. */
function memoryAfter(network: TestNetwork, task: Task, schedule: Schedule): Int32Array {
  const model = network.create();
  const graph = readGraph(networkOfModel(model), { isTraining: true });
  const buffers = new Buffers();
  const weights = new Weights(graph, { buffers, threads: THREADS, isTraining: true });
  weights.load();
  model.dispose();
  const module = instantiate(buffers.memory, { module: sharedKernels });
  const sizes = { threads: THREADS, batchSize: 10 };
  const compilation = { buffers, weights, module, optimizer: adam, ...sizes };
  const plan: Plan = compile(graph, compilation, task).plan(IMAGES_OF_A_STEP);
  const { images, labels } = batchFor(network, IMAGES_OF_A_STEP);
  const settings: Record<string, number> = {
    [IMAGES]: buffers.allocate(images.data.byteLength),
    [LABELS]: buffers.allocate(labels.length),
    [INPUT_GRADIENT]: buffers.allocate(images.data.byteLength),
    [RESULTS]: buffers.allocate(IMAGES_OF_A_STEP * sizeOf(graph.logits) * 4),
    [LOGITS_GRADIENT]: buffers.allocate(IMAGES_OF_A_STEP * sizeOf(graph.logits) * 4),
    [GAIN]: 1 / IMAGES_OF_A_STEP,
    ...optimizerSettings(adam, { step: 1, learningRate: 0.01 }),
    ...maskSettings(graph, 1),
  };
  buffers.floats(settings[IMAGES]!, images.data.length).set(images.data);
  buffers.bytes(settings[LABELS]!, labels.length).set(labels);
  const gradients = buffers.floats(
    settings[LOGITS_GRADIENT]!,
    IMAGES_OF_A_STEP * sizeOf(graph.logits),
  );
  gradients.forEach((_, i) => gradients[i] = images.data[i]! - 0.5);
  const kernels = module as unknown as Record<string, (...args: number[]) => unknown>;
  for (const stage of plan) {
    for (const { kernel, args } of schedule(stage)) {
      kernels[kernel]!(
        ...args.map((value) =>
          typeof value === "number" ? value : settings[value.setting]! + value.plus
        ),
      );
    }
  }
  return new Int32Array(buffers.memory.buffer);
}

const tasks: readonly Task[] = [
  { name: "training", mode: "training" },
  { name: "inference", mode: "inference" },
  { name: "attack", mode: "attack" },
];

/** Of the same operations: on small networks that is enough. */
const otherTasks: readonly Task[] = [
  { name: "training by a given gradient", mode: "training", isPulled: true },
  { name: "gathering", mode: "training", gathers: true },
  { name: "pull back", mode: "attack", isPulled: true },
];

for (const network of [...ownNetworks, ...oddNetworks]) {
  const isSmall = oddNetworks.includes(network);
  for (const task of [...tasks, ...isSmall ? otherTasks : []]) {
    Deno.test(`${network.name}, ${task.name}: which thread comes first between barriers changes no bit`, () => {
      const expected = memoryAfter(network, task, forward);
      for (const schedule of [backward, interleaved(1), interleaved(2)]) {
        const memory = memoryAfter(network, task, schedule);
        assert.equal(indexOfDifference(memory, expected), -1);
      }
    });
  }
}

/** Where two arrays differ first; -1 for nowhere. */
function indexOfDifference(a: Int32Array, b: Int32Array): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  return a.findIndex((value, i) => value !== b[i]);
}
