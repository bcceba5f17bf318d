/**
 * The compiled engine: a network's training step, classification and gradients to images as plans
 * over static buffers, run by threads or by the caller's own.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "../core/types.ts";
import { compileKernels, instantiate, type KernelBuild } from "../wasm/module.ts";
import { alteredRun } from "./altered_run.ts";
import { Buffers } from "./buffers.ts";
import { CallingThread } from "./calling_thread.ts";
import { type Compilation, INPUT_GRADIENT } from "./builder.ts";
import { GAIN, LOGITS_GRADIENT, maskSettings, outputSetting, type Task } from "./compile.ts";
import {
  type Engine,
  type EngineLayer,
  gradientOf,
  type GradientOfLogits,
  type InferenceOptions,
  requireGradients,
  requireWeights,
  type StepOptions,
} from "./engine.ts";
import { Executor, type RunOptions } from "./executor.ts";
import { type Graph, keptNode, lastHiddenNode, type Node, sizeOf } from "./graph.ts";
import { describeLayers, frozenParameters } from "./layers.ts";
import { type Optimizer, optimizerSettings } from "./optimizer.ts";
import type { Network, NetworkLayer } from "./network.ts";
import { PlanRunner } from "./plan_runner.ts";
import { readGraph } from "./read_graph.ts";
import { climb } from "./sharpness.ts";
import { Threads } from "./threads.ts";
import { gatheredUpdates, Weights } from "./weights.ts";

/** How to compile a model. */
export interface CompileOptions {
  /** Most images of a step, and images that are classified at a time. */
  readonly batchSize: number;
  /**
   * Threads, from 1; or 0 for none: the caller's own thread does the work, in memory that nobody
   * shares, and goes on when it is done.
   */
  readonly workers: number;
  /** `null` for an engine that only classifies. */
  readonly optimizer: Optimizer | null;
  /**
   * Layers that are not trained; none unless given. A batch normalisation among them goes by its averages
   * in training too, and those stay.
   */
  readonly frozen?: readonly string[] | undefined;
  /** The tiles of the kernels' build; `"portable"` unless given. */
  readonly tiles?: KernelBuild["tiles"];
  /** The most memory that the engine may take, in bytes: a multiple of 65,536; 4 GiB unless given. */
  readonly maxBytes?: number;
}

const TRAINING: Task = { name: "training", mode: "training" };
const TRAINING_BY: Task = {
  name: "training by a given gradient",
  mode: "training",
  isPulled: true,
};
const GATHERING: Task = { name: "gathering", mode: "training", gathers: true };
const GATHERING_BY: Task = { ...TRAINING_BY, name: "gathering by a given gradient", gathers: true };
const INFERENCE: Task = { name: "inference", mode: "inference" };
const ATTACK: Task = { name: "attack", mode: "attack" };
const PULL_BACK: Task = { name: "pull back", mode: "attack", isPulled: true };

/** What a way forward and back in training is told. */
type PassOptions = Required<Pick<RunOptions, "settings">> & Pick<RunOptions, "isHolder">;

/** Added to a probability before its logarithm is taken, here and in the gradient's kernel. */
const EPSILON = 1e-7;

/**
 * Compiles a network. The same weights, batches and number of workers give bit-identical results on
 * the same machine.
 *
 * @throws {UnsupportedModelError} If the network has something that the engine has no kernels for.
 * @throws {RangeError} If its buffers do not fit into its memory, or a layer cannot be frozen.
 */
export async function createCompiledEngine(
  network: Network,
  options: CompileOptions,
): Promise<Engine> {
  const graph = readGraph(network, { isTraining: options.optimizer !== null });
  const kernels = await compileKernels({
    tiles: options.tiles,
    memory: options.workers === 0 ? "unshared" : "shared",
  });
  return new CompiledEngine({ network, graph, kernels }, options);
}

class CompiledEngine implements Engine {
  readonly name = "compiled";
  readonly workers: number;
  readonly classes: number;
  readonly layers: readonly EngineLayer[];
  readonly #network: readonly NetworkLayer[];
  readonly #graph: Graph;
  readonly #compilation: Compilation;
  readonly #optimizer: Optimizer | null;
  readonly #executor: Executor;
  #steps = 0;
  /** Ways forward and back in training, each with masks of its own. */
  #passes = 0;

  constructor(
    { network, graph, kernels }: {
      readonly network: Network;
      readonly graph: Graph;
      readonly kernels: WebAssembly.Module;
    },
    { batchSize, workers, optimizer, frozen = [], maxBytes }: CompileOptions,
  ) {
    const isTraining = optimizer !== null;
    const threads = Math.max(1, workers);
    const buffers = new Buffers({ isShared: workers > 0, maxBytes });
    const weights = new Weights(graph, {
      buffers,
      threads,
      isTraining,
      frozen: frozenParameters(network.layers, frozen),
    });
    weights.load();
    this.workers = threads;
    this.classes = sizeOf(graph.logits);
    this.layers = describeLayers(network.layers);
    this.#network = network.layers;
    this.#graph = graph;
    this.#optimizer = optimizer;
    this.#compilation = {
      buffers,
      weights,
      module: instantiate(buffers.memory, { module: kernels }),
      threads,
      batchSize,
      optimizer: optimizer ?? { kind: "adam" },
    };
    this.#executor = new Executor(graph, this.#compilation, {
      startRunner: () =>
        workers > 0
          ? new Threads(kernels, { buffers, threads })
          : new CallingThread(this.#compilation.module),
      tasks: isTraining ? [TRAINING, INFERENCE] : [INFERENCE],
      isTraining,
    });
  }

  async step(
    { images, labels }: LabelledImages,
    learningRate: number,
    { gain = 1, sharpness }: StepOptions & { readonly gain?: number } = {},
  ): Promise<number> {
    this.#requireOptimizer();
    const [count] = images.shape;
    this.#checkLabels(labels, count);
    const batch = sharpness === undefined ? { images, labels } : copyOf({ images, labels });
    const probabilities = await this.#train(
      { learningRate, sharpness },
      (gathers, options) =>
        this.#executor.run(gathers ? GATHERING : TRAINING, batch.images.data, {
          ...options,
          labels: batch.labels,
          valuesPerImage: 1,
          settings: { [GAIN]: gain / count, ...options.settings },
        }),
    );
    return probabilities.reduce((sum, p) => sum - Math.log(p + EPSILON), 0) / count;
  }

  async stepBy(
    { data }: ImageBatch,
    gradient: GradientOfLogits,
    learningRate: number,
    { sharpness }: StepOptions = {},
  ): Promise<void> {
    const { classes } = this;
    const images = sharpness === undefined ? data : data.slice();
    await this.#train(
      { learningRate, sharpness },
      (gathers, options) =>
        this.#executor.runInTwo(gathers ? GATHERING_BY : TRAINING_BY, images, {
          ...options,
          valuesPerImage: classes,
          at: LOGITS_GRADIENT,
          fill: (logits) => gradientOf(gradient, { logits, first: 0, classes }),
        }),
    );
  }

  /**
   * One step. What is done for it: once with the optimizer's update, or where sharpness is minded, twice
   * with gradients gathered.
   *
   * @returns The answer of the way forward from the weights as they were.
   */
  async #train(
    { learningRate, sharpness }: { readonly learningRate: number } & StepOptions,
    pass: (gathers: boolean, options: PassOptions) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    const optimizer = this.#requireOptimizer();
    const ofStep = optimizerSettings(optimizer, { step: ++this.#steps, learningRate });
    const masks = () => maskSettings(this.#graph, ++this.#passes);
    if (sharpness === undefined) return await pass(false, { settings: { ...ofStep, ...masks() } });
    const { weights, module } = this.#compilation;
    return await this.#executor.hold(async () => {
      const answer = await pass(true, { settings: masks(), isHolder: true });
      const before = weights.snapshot();
      climb(weights.trained(), sharpness);
      try {
        await pass(true, { settings: masks(), isHolder: true });
      } finally {
        // Averages of batch normalisation too: they follow the first way forward alone.
        weights.restore(before);
      }
      const runner = new PlanRunner(module, () => {});
      runner.run(runner.prepare([gatheredUpdates(weights, optimizer)]), ofStep);
      return answer;
    });
  }

  #requireOptimizer(): Optimizer {
    if (this.#optimizer !== null) return this.#optimizer;
    throw new Error("Cannot train: the engine was made to classify only");
  }

  async classify(
    images: ImageBatch,
    { onChunk, alteration }: InferenceOptions & { readonly onChunk?: () => void } = {},
  ): Promise<Float32Array> {
    return await this.#infer(INFERENCE, images, {
      alteration,
      onChunk,
      valuesPerImage: this.classes,
    });
  }

  async inputGradient({ images, labels }: LabelledImages): Promise<Float32Array> {
    this.#checkLabels(labels, images.shape[0]);
    const valuesPerImage = sizeOf(this.#graph.input);
    return await this.#executor.inChunks(images, {
      valuesPerImage,
      run: (data, first) =>
        this.#executor.run(ATTACK, data, {
          labels: labels.subarray(first, first + data.length / valuesPerImage),
          answer: INPUT_GRADIENT,
          valuesPerImage,
          settings: { [GAIN]: 1 },
        }),
    });
  }

  async logits(images: ImageBatch, options: InferenceOptions = {}): Promise<Float32Array> {
    return await this.#read(this.#graph.logits, images, options);
  }

  async activations(
    images: ImageBatch,
    { layer, ...options }: InferenceOptions & { readonly layer?: string } = {},
  ): Promise<Float32Array> {
    const node = layer === undefined
      ? lastHiddenNode(this.#graph)
      : keptNode(this.#graph, layer, "read activations");
    return await this.#read(node, images, options);
  }

  async pullBack(
    images: ImageBatch,
    gradients: Float32Array | GradientOfLogits,
  ): Promise<Float32Array> {
    const { classes } = this;
    const options = { answer: INPUT_GRADIENT, valuesPerImage: sizeOf(this.#graph.input) };
    if (typeof gradients === "function") {
      return await this.#executor.inChunks(images, {
        ...options,
        isInTwo: true,
        run: (data, first) =>
          this.#executor.runInTwo(PULL_BACK, data, {
            ...options,
            at: LOGITS_GRADIENT,
            fill: (logits) => gradientOf(gradients, { logits, first, classes }),
          }),
      });
    }
    requireGradients(gradients, { images: images.shape[0], classes });
    return await this.#executor.inChunks(images, {
      ...options,
      run: (data, first) => {
        const end = first + data.length / options.valuesPerImage;
        const ofChunk = gradients.subarray(first * classes, end * classes);
        return this.#executor.run(PULL_BACK, data, {
          ...options,
          givenForEach: { [LOGITS_GRADIENT]: ofChunk },
        });
      },
    });
  }

  /** A node's output for each image. */
  #read(node: Node, images: ImageBatch, options: InferenceOptions): Promise<Float32Array> {
    const answer = outputSetting(node);
    const task: Task = { name: answer, mode: "inference", reads: node };
    return this.#infer(task, images, { ...options, answer, valuesPerImage: sizeOf(node) });
  }

  /** Runs a task of inference on images, with what is changed for it. */
  #infer(
    task: Task,
    images: ImageBatch,
    { alteration, onChunk, ...options }:
      & InferenceOptions
      & Pick<RunOptions, "answer" | "valuesPerImage">
      & { readonly onChunk?: (() => void) | undefined },
  ): Promise<Float32Array> {
    const altered = alteration === undefined ? null : alteredRun(alteration, {
      graph: this.#graph,
      network: this.#network,
      weights: this.#compilation.weights,
    });
    const { name, changes, given } = altered ?? {};
    const own = altered === null ? task : { ...task, name: `${task.name}, ${name}`, changes };
    return this.#executor.inChunks(images, {
      ...options,
      run: (data, first) => {
        onChunk?.();
        return this.#executor.run(own, data, {
          ...options,
          ...altered !== null && { given, settings: altered.settings(first) },
        });
      },
    });
  }

  /** A kernel would take another image's label, or write beside its array. */
  #checkLabels(labels: Uint8Array, count: number): void {
    if (labels.length === count && labels.every((label) => label < this.classes)) return;
    throw new RangeError(
      `Cannot take a loss: labels must be ${count} integers below ${this.classes}, got ` +
        `${labels.length} up to ${Math.max(...labels)}`,
    );
  }

  weights(layer: string): Record<string, Float32Array> {
    requireWeights(this.layers, { layer, why: "read weights" });
    this.#requireIdle();
    return Object.fromEntries(
      [...this.#graph.layers.get(layer)!.weights].map(([name, parameter]) =>
        [name, this.#compilation.weights.read(parameter)] as const
      ),
    );
  }

  setWeights(layer: string, given: Readonly<Record<string, Float32Array>>): void {
    requireWeights(this.layers, { layer, why: "set weights", given });
    this.#requireIdle();
    const { weights } = this.#graph.layers.get(layer)!;
    for (const [name, values] of Object.entries(given)) {
      this.#compilation.weights.write(weights.get(name)!, values);
    }
    this.#executor.forgetPrepared();
  }

  #requireIdle(): void {
    if (this.#executor.isIdle) return;
    throw new Error("Cannot reach the weights: the engine is at work on a batch; wait for it");
  }

  save(): void {
    this.#compilation.weights.save();
  }

  dispose(): void {
    this.#executor.dispose();
  }
}

/** A batch that stays as it is when its arrays are used again. */
function copyOf({ images, labels }: LabelledImages): LabelledImages {
  return { images: { ...images, data: images.data.slice() }, labels: labels.slice() };
}
