/**
 * The compiled engine: a network's training step, classification and gradients to images as plans over static buffers,
 * run by threads or by the caller's own.
 *
 * @module
 */

import { memoised } from "../core/memoised.ts";
import type { ImageBatch, LabelledImages } from "../core/types.ts";
import { compileKernels, instantiate, type KernelBuild } from "../wasm/module.ts";
import { Buffers } from "./buffers.ts";
import { CallingThread } from "./calling_thread.ts";
import { type Compilation, IMAGES, INPUT_GRADIENT } from "./builder.ts";
import {
  compile,
  GAIN,
  LABELS,
  LOGITS_GRADIENT,
  maskSettings,
  RESULTS,
  type Task,
} from "./compile.ts";
import { type Engine, requireGradients } from "./engine.ts";
import { type Graph, isKind, type Node, sizeOf } from "./graph.ts";
import { type Optimizer, optimizerSettings } from "./optimizer.ts";
import type { Plan, Program } from "./plan.ts";
import type { Network } from "./network.ts";
import { readGraph } from "./read_graph.ts";
import type { Runner } from "./runner.ts";
import { Threads } from "./threads.ts";
import { Weights } from "./weights.ts";

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
  /** The tiles of the kernels' build; `"portable"` unless given. */
  readonly tiles?: KernelBuild["tiles"];
  /** The most memory that the engine may take, in bytes: a multiple of 65,536; 4 GiB unless given. */
  readonly maxBytes?: number;
}

/** Where a batch waits for its run: two of them, so that one is filled while the other is worked on. */
interface Slot {
  readonly images: number;
  readonly labels: number;
  readonly results: number;
  /** By what lies there, what few runs want: made when it is first wanted. */
  readonly others: Map<string, number>;
}

/** What is put down for a run, and where its answer stands. */
interface RunOptions {
  readonly labels?: Uint8Array;
  /** `(B, classes)`. */
  readonly logitsGradient?: Float32Array;
  /** The setting whose place holds the answer; `RESULTS` unless given. */
  readonly answer?: string;
  readonly valuesPerImage: number;
  readonly settings?: Readonly<Record<string, number>>;
}

const TRAINING: Task = { name: "training", mode: "training" };
const INFERENCE: Task = { name: "inference", mode: "inference" };
const ATTACK: Task = { name: "attack", mode: "attack" };
const PULL_BACK: Task = { name: "pull back", mode: "attack", isPulled: true };

const SLOTS = 2;

/** Added to a probability before its logarithm is taken, here and in the gradient's kernel. */
const EPSILON = 1e-7;

/**
 * Compiles a network. The same weights, batches and number of workers give bit-identical results on
 * the same machine.
 *
 * @throws {UnsupportedModelError} If the network has something that the engine has no kernels for.
 * @throws {RangeError} If its buffers do not fit into its memory.
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
  return new CompiledEngine(graph, kernels, options);
}

class CompiledEngine implements Engine {
  readonly name = "compiled";
  readonly workers: number;
  readonly classes: number;
  readonly #graph: Graph;
  readonly #compilation: Compilation;
  readonly #optimizer: Optimizer | null;
  readonly #runner: Runner;
  readonly #slots: Slot[];
  readonly #programs = new Map<string, Program>();
  readonly #plans = new Map<string, Plan>();
  /** Tasks that have run with these weights, of an engine whose weights do not change. */
  readonly #prepared = new Set<string>();
  #steps = 0;

  constructor(
    graph: Graph,
    kernels: WebAssembly.Module,
    { batchSize, workers, optimizer, maxBytes }: CompileOptions,
  ) {
    const isTraining = optimizer !== null;
    const threads = Math.max(1, workers);
    const buffers = new Buffers({ isShared: workers > 0, maxBytes });
    const weights = new Weights(graph, { buffers, threads, isTraining });
    weights.load();
    this.workers = threads;
    this.classes = sizeOf(graph.logits);
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
    this.#slots = Array.from({ length: workers > 0 ? SLOTS : 1 }, () => ({
      images: buffers.allocate(batchSize * sizeOf(graph.input) * 4),
      labels: buffers.allocate(batchSize),
      results: buffers.allocate(batchSize * sizeOf(graph.logits) * 4),
      others: new Map(),
    }));
    for (const task of isTraining ? [TRAINING, INFERENCE] : [INFERENCE]) this.#program(task);
    this.#runner = workers > 0
      ? new Threads(kernels, { buffers, threads })
      : new CallingThread(this.#compilation.module);
  }

  async step({ images, labels }: LabelledImages, learningRate: number): Promise<number> {
    const optimizer = this.#optimizer;
    if (optimizer === null) throw new Error("Cannot train: the engine was made to classify only");
    const [count] = images.shape;
    this.#checkLabels(labels, count);
    const step = ++this.#steps;
    const probabilities = await this.#run(TRAINING, images.data, {
      labels,
      valuesPerImage: 1,
      settings: {
        [GAIN]: 1 / count,
        ...optimizerSettings(optimizer, { step, learningRate }),
        ...maskSettings(this.#graph, step),
      },
    });
    return probabilities.reduce((sum, p) => sum - Math.log(p + EPSILON), 0) / count;
  }

  async classify(
    images: ImageBatch,
    { onChunk }: { onChunk?: () => void } = {},
  ): Promise<Float32Array> {
    return await this.#inChunks(images, {
      valuesPerImage: this.classes,
      run: (data) => {
        onChunk?.();
        return this.#run(INFERENCE, data, { valuesPerImage: this.classes });
      },
    });
  }

  async inputGradient({ images, labels }: LabelledImages): Promise<Float32Array> {
    this.#checkLabels(labels, images.shape[0]);
    const valuesPerImage = sizeOf(this.#graph.input);
    return await this.#inChunks(images, {
      valuesPerImage,
      run: (data, first) =>
        this.#run(ATTACK, data, {
          labels: labels.subarray(first, first + data.length / valuesPerImage),
          answer: INPUT_GRADIENT,
          valuesPerImage,
          settings: { [GAIN]: 1 },
        }),
    });
  }

  async logits(images: ImageBatch): Promise<Float32Array> {
    return await this.#read(this.#graph.logits, images);
  }

  async activations(
    images: ImageBatch,
    { layer }: { readonly layer?: string } = {},
  ): Promise<Float32Array> {
    return await this.#read(layer === undefined ? this.#hidden() : this.#node(layer), images);
  }

  async pullBack(images: ImageBatch, gradients: Float32Array): Promise<Float32Array> {
    const { classes } = this;
    requireGradients(gradients, { images: images.shape[0], classes });
    const valuesPerImage = sizeOf(this.#graph.input);
    return await this.#inChunks(images, {
      valuesPerImage,
      run: (data, first) => {
        const count = data.length / valuesPerImage;
        return this.#run(PULL_BACK, data, {
          logitsGradient: gradients.subarray(first * classes, (first + count) * classes),
          answer: INPUT_GRADIENT,
          valuesPerImage,
        });
      },
    });
  }

  /** A node's output for each image. */
  #read(node: Node, images: ImageBatch): Promise<Float32Array> {
    const task: Task = { name: `reading ${node.name}`, mode: "inference", reads: node };
    const valuesPerImage = sizeOf(node);
    return this.#inChunks(images, {
      valuesPerImage,
      run: (data) => this.#run(task, data, { valuesPerImage }),
    });
  }

  /** What the last dense layer reads. */
  #hidden(): Node {
    const { logits } = this.#graph;
    if (isKind(logits, "dense")) return logits.inputs[0]!;
    throw new RangeError(
      "Cannot read activations: the network has no last hidden layer, for its logits are a sum; " +
        `name a layer, one of ${this.#layers()}`,
    );
  }

  #node(layer: string): Node {
    const node = this.#graph.nodes.find(({ name }) => name === layer);
    if (node !== undefined) return node;
    throw new RangeError(
      `Cannot read activations: layer must be one of ${this.#layers()}, got "${layer}"`,
    );
  }

  #layers(): string {
    return this.#graph.nodes.map(({ name }) => name).join(", ");
  }

  /** Goes through images `batchSize` at a time, and puts together what comes out. */
  async #inChunks(
    { data, shape: [count, height, width, channels] }: ImageBatch,
    { valuesPerImage, run }: {
      valuesPerImage: number;
      run: (data: Float32Array, first: number) => Promise<Float32Array>;
    },
  ): Promise<Float32Array> {
    const { batchSize } = this.#compilation;
    if (count > 0 && count <= batchSize) return await run(data, 0);
    const size = height * width * channels;
    const all = new Float32Array(count * valuesPerImage);
    const running: Promise<void>[] = [];
    try {
      for (let first = 0; first < count; first += batchSize) {
        if (this.#slots.length === 0) await running.shift();
        const chunk = run(data.subarray(first * size, (first + batchSize) * size), first);
        running.push(chunk.then((values) => all.set(values, first * valuesPerImage)));
      }
      await Promise.all(running);
    } finally {
      // Where something has failed, chunks under way still have their slots.
      await Promise.allSettled(running);
    }
    return all;
  }

  /** A kernel would take another image's label, or write beside its array. */
  #checkLabels(labels: Uint8Array, count: number): void {
    if (labels.length === count && labels.every((label) => label < this.classes)) return;
    throw new RangeError(
      `Cannot take a loss: labels must be ${count} integers below ${this.classes}, got ` +
        `${labels.length} up to ${Math.max(...labels)}`,
    );
  }

  save(): void {
    this.#compilation.weights.save();
  }

  dispose(): void {
    this.#runner.dispose();
  }

  /** Copies a batch into a free slot, runs a task's plan on it, and answers what is in a place. */
  async #run(
    task: Task,
    images: Float32Array,
    { labels, logitsGradient, answer = RESULTS, valuesPerImage, settings = {} }: RunOptions,
  ): Promise<Float32Array> {
    const count = images.length / sizeOf(this.#graph.input);
    const { buffers, batchSize } = this.#compilation;
    if (!Number.isInteger(count) || count < 1 || count > batchSize) {
      throw new RangeError(
        `Cannot run a batch: it must have from 1 to ${batchSize} images of ` +
          `${sizeOf(this.#graph.input)} values, got ${images.length} values`,
      );
    }
    const slot = this.#slots.shift();
    if (slot === undefined) {
      throw new Error(
        `Cannot run a batch: as many as there is room for are under way; wait for one`,
      );
    }
    try {
      buffers.floats(slot.images, images.length).set(images);
      if (labels !== undefined) buffers.bytes(slot.labels, count).set(labels);
      const other = (what: string, perImage: number) =>
        memoised(slot.others, what, () => buffers.allocate(batchSize * perImage * 4));
      const places: Record<string, number> = {
        [IMAGES]: slot.images,
        [LABELS]: slot.labels,
        [RESULTS]: slot.results,
      };
      if (logitsGradient !== undefined) {
        places[LOGITS_GRADIENT] = other(LOGITS_GRADIENT, this.classes);
        buffers.floats(places[LOGITS_GRADIENT], logitsGradient.length).set(logitsGradient);
      }
      if (task.reads !== undefined) places[RESULTS] = other(task.name, valuesPerImage);
      if (answer === INPUT_GRADIENT) places[answer] = other(answer, valuesPerImage);
      await this.#runner.run(this.#plan(task, count), { ...places, ...settings });
      return buffers.floats(places[answer]!, count * valuesPerImage).slice();
    } finally {
      this.#slots.push(slot);
    }
  }

  /** The program of a task, compiled when it is first wanted. */
  #program(task: Task): Program {
    return memoised(
      this.#programs,
      task.name,
      () => compile(this.#graph, this.#compilation, task),
    );
  }

  /** The plan of a task for a number of images; the last batch of an epoch has one of its own. */
  #plan(task: Task, images: number): Plan {
    const isPrepared = this.#prepared.has(task.name);
    const plan = memoised(
      this.#plans,
      `${task.name} ${images} ${isPrepared}`,
      () => this.#program(task).plan(images, { isPrepared }),
    );
    // Runs are done in the order in which they are asked for.
    if (this.#optimizer === null) this.#prepared.add(task.name);
    return plan;
  }
}
