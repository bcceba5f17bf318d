/**
 * What brings batches to programs: places for batches, tasks that are compiled when they are first
 * wanted, and the runs of their plans.
 *
 * @module
 */

import { memoised } from "../core/memoised.ts";
import type { ImageBatch } from "../core/types.ts";
import { type Compilation, IMAGES } from "./builder.ts";
import { compile, LABELS, RESULTS, type Task } from "./compile.ts";
import { type Graph, sizeOf } from "./graph.ts";
import type { Plan, PlanPart, Program } from "./plan.ts";
import type { Runner } from "./runner.ts";

/** Where a batch waits for its run, by what lies there: each place is made when it is first wanted. */
type Slot = Map<string, number>;

/** Batches that there is room for: one is filled while the other is worked on. */
const SLOTS = 2;

/** What is put down for a run, and where its answer stands. */
export interface RunOptions {
  readonly labels?: Uint8Array;
  /** Numbers that the task reads, by the names of their settings; always as many under one name. */
  readonly given?: Readonly<Record<string, Float32Array>>;
  /** As `given`, of as many numbers an image. */
  readonly givenForEach?: Readonly<Record<string, Float32Array>>;
  /** The setting whose place holds the answer; `RESULTS` unless given. */
  readonly answer?: string;
  /** Of the answer. */
  readonly valuesPerImage: number;
  readonly settings?: Readonly<Record<string, number>>;
  /** Whether it is a run of who holds the engine. */
  readonly isHolder?: boolean;
}

/** Runs tasks of one network. */
export class Executor {
  readonly #graph: Graph;
  readonly #compilation: Compilation;
  readonly #runner: Runner;
  readonly #isTraining: boolean;
  /** Free ones. */
  readonly #slots: Slot[];
  readonly #slotCount: number;
  readonly #programs = new Map<string, Program>();
  readonly #plans = new Map<string, Plan>();
  /** Tasks that have run with these weights, where they do not change by themselves. */
  readonly #prepared = new Set<string>();
  #isHeld = false;

  /**
   * @param compilation Its memory is allocated before threads start.
   * @param options `startRunner`: called at the end; `tasks`: compiled at once; `isTraining`: whether
   * weights change from run to run.
   */
  constructor(
    graph: Graph,
    compilation: Compilation,
    { startRunner, tasks, isTraining }: {
      readonly startRunner: () => Runner;
      readonly tasks: readonly Task[];
      readonly isTraining: boolean;
    },
  ) {
    const { buffers, batchSize } = compilation;
    this.#graph = graph;
    this.#compilation = compilation;
    this.#isTraining = isTraining;
    this.#slotCount = buffers.isShared ? SLOTS : 1;
    this.#slots = Array.from({ length: this.#slotCount }, () =>
      new Map([
        [IMAGES, buffers.allocate(batchSize * sizeOf(graph.input) * 4)],
        [LABELS, buffers.allocate(batchSize)],
        [RESULTS, buffers.allocate(batchSize * sizeOf(graph.logits) * 4)],
      ]));
    for (const task of tasks) this.#program(task);
    this.#runner = startRunner();
  }

  /**
   * Copies a batch into a free place, runs a task on it, and answers. Runs are done in the order in
   * which they are asked for.
   *
   * @param images `(B, H, W, C)`; copied before the call returns, as all that is given.
   * @throws {RangeError} If there is no image, or more than a batch's, or another size's.
   * @throws {Error} If there is no room, or somebody else holds the engine.
   */
  run(task: Task, images: Float32Array, options: RunOptions): Promise<Float32Array> {
    return this.#inSlot(images, options, async (settings, count) => {
      await this.#runner.run(this.#plan(task, { images: count }), settings);
    });
  }

  /**
   * As `run`, of a task that pauses; no other run can be asked for in between.
   *
   * @param fill Called in the pause with what the first part has left at `RESULTS`, `(B, classes)`:
   * answers with what is put down at the setting `at`, of the same shape.
   */
  runInTwo(
    task: Task,
    images: Float32Array,
    { at, fill, ...options }: RunOptions & {
      readonly at: string;
      readonly fill: (results: Float32Array) => Float32Array;
    },
  ): Promise<Float32Array> {
    return this.#inSlot(images, options, async (settings, count, slot) => {
      const { buffers } = this.#compilation;
      const length = count * sizeOf(this.#graph.logits);
      const wasHeld = this.#isHeld;
      this.#isHeld = true;
      try {
        await this.#runner.run(this.#plan(task, { images: count, part: "first" }), settings);
        const filled = fill(buffers.floats(settings[RESULTS]!, length).slice());
        settings[at] = this.#putForEach(slot, at, { values: filled, images: count });
      } finally {
        this.#isHeld = wasHeld;
      }
      await this.#runner.run(this.#plan(task, { images: count, part: "second" }), settings);
    });
  }

  /**
   * Lets nobody else run anything until work is done.
   *
   * @param work Its runs say that they are the holder's.
   * @throws {Error} If somebody else holds the engine.
   */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#requireFree();
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      this.#isHeld = false;
    }
  }

  /**
   * Goes through images `batchSize` at a time, and puts together what comes out.
   *
   * @param options `run`: of the images from the `first` on; `isInTwo`: whether it pauses.
   */
  async inChunks(
    { data, shape: [count, height, width, channels] }: ImageBatch,
    { valuesPerImage, run, isInTwo = false }: {
      readonly valuesPerImage: number;
      readonly run: (data: Float32Array, first: number) => Promise<Float32Array>;
      readonly isInTwo?: boolean;
    },
  ): Promise<Float32Array> {
    const { batchSize } = this.#compilation;
    if (count > 0 && count <= batchSize) return await run(data, 0);
    const size = height * width * channels;
    const all = new Float32Array(count * valuesPerImage);
    const running: Promise<void>[] = [];
    try {
      for (let first = 0; first < count; first += batchSize) {
        if (this.#slots.length === 0 || isInTwo) await running.shift();
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

  /** Forgets what has been prepared of the weights: they have changed. */
  forgetPrepared(): void {
    this.#prepared.clear();
  }

  /** Whether no run is under way, and nobody holds the engine. */
  get isIdle(): boolean {
    return this.#slots.length === this.#slotCount && !this.#isHeld;
  }

  /** Ends the threads. */
  dispose(): void {
    this.#runner.dispose();
  }

  /** Puts a batch down in a free slot, lets `work` run on it, and answers with a copy of the answer. */
  async #inSlot(
    images: Float32Array,
    {
      labels,
      given = {},
      givenForEach = {},
      answer = RESULTS,
      valuesPerImage,
      settings = {},
      isHolder = false,
    }: RunOptions,
    work: (settings: Record<string, number>, count: number, slot: Slot) => Promise<void>,
  ): Promise<Float32Array> {
    const size = sizeOf(this.#graph.input);
    const count = images.length / size;
    const { buffers, batchSize } = this.#compilation;
    if (!Number.isInteger(count) || count < 1 || count > batchSize) {
      throw new RangeError(
        `Cannot run a batch: it must have from 1 to ${batchSize} images of ${size} values, got ` +
          `${images.length} values`,
      );
    }
    if (!isHolder) this.#requireFree();
    const slot = this.#slots.shift();
    if (slot === undefined) {
      throw new Error(
        "Cannot run a batch: as many as there is room for are under way; wait for one",
      );
    }
    try {
      buffers.floats(slot.get(IMAGES)!, images.length).set(images);
      if (labels !== undefined) buffers.bytes(slot.get(LABELS)!, count).set(labels);
      for (const [name, values] of Object.entries(given)) {
        const place = this.#placeOf(slot, name, values.length);
        buffers.floats(place, values.length).set(values);
      }
      for (const [name, values] of Object.entries(givenForEach)) {
        this.#putForEach(slot, name, { values, images: count });
      }
      this.#placeOf(slot, answer, batchSize * valuesPerImage);
      const places = { ...Object.fromEntries(slot), ...settings };
      await work(places, count, slot);
      return buffers.floats(places[answer]!, count * valuesPerImage).slice();
    } finally {
      this.#slots.push(slot);
    }
  }

  #requireFree(): void {
    if (!this.#isHeld) return;
    throw new Error(
      "Cannot run a batch: one is half done, and the next would be mixed up with it; wait",
    );
  }

  /** Puts down as many numbers for each image. */
  #putForEach(
    slot: Slot,
    name: string,
    { values, images }: { readonly values: Float32Array; readonly images: number },
  ): number {
    const { buffers, batchSize } = this.#compilation;
    const place = this.#placeOf(slot, name, values.length / images * batchSize);
    buffers.floats(place, values.length).set(values);
    return place;
  }

  #placeOf(slot: Slot, name: string, floats: number): number {
    return memoised(slot, name, () => this.#compilation.buffers.allocate(floats * 4));
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
  #plan(
    task: Task,
    { images, part = "whole" }: { readonly images: number; readonly part?: PlanPart },
  ): Plan {
    const isPrepared = this.#prepared.has(task.name);
    const plan = memoised(
      this.#plans,
      `${task.name} ${images} ${part} ${isPrepared}`,
      () => this.#program(task).plan(images, { isPrepared, part }),
    );
    if (!this.#isTraining) this.#prepared.add(task.name);
    return plan;
  }
}
