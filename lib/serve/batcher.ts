/**
 * Images of many requests in few batches, on one thread that has other work too.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { BusyError } from "../core/errors.ts";
import type { ImageBatch } from "../core/types.ts";
import type { Classifier } from "./classifier.ts";

/** How work is divided. */
export interface BatcherOptions {
  /** Most images of a batch; 32 unless given. */
  readonly batchSize?: number;
  /**
   * Milliseconds that a batch should take at most; 10 unless given. Other work has its turn when half
   * of that has passed.
   */
  readonly turn?: number;
  /**
   * Images that may wait; those of one request may be more. 2,048 unless given: about half a second
   * of the article's network.
   */
  readonly room?: number;
}

/** What a request asks for. */
interface Job {
  readonly classifier: Classifier;
  readonly batch: ImageBatch;
  readonly signal: AbortSignal | undefined;
  readonly answer: PromiseWithResolvers<Float32Array>;
  /** `(N, classes)`, as far as they are classified. */
  readonly values: Float32Array;
  /** Images that are classified. */
  done: number;
}

/** Images of one job that go into a batch. */
interface Part {
  readonly job: Job;
  readonly count: number;
}

/**
 * Classifies what requests ask for, the turns of all models being one thread's. Images for the same
 * model that wait together go in one batch, which reads the weights of dense layers once: how much
 * that saves depends on how many of their inputs are zero. Of images of noise, the article's network
 * takes 0.34 ms for one alone and 0.31 for each of many; of digits, whose inputs are mostly zero, 0.26
 * for each. A request of many images is cut into pieces, between which others have their turn.
 */
export class Batcher {
  readonly #batchSize: number;
  readonly #turn: number;
  readonly #room: number;
  /** The next one first. */
  #jobs: Job[] = [];
  #isAtWork = false;
  /** What one image takes, in milliseconds, where that is known. */
  readonly #paces = new WeakMap<Classifier, number>();

  constructor({ batchSize = 32, turn = 10, room = 2048 }: BatcherOptions = {}) {
    this.#batchSize = batchSize;
    this.#turn = turn;
    this.#room = room;
  }

  /**
   * Classifies images; several calls may be under way at a time.
   *
   * @param batch `(N, H, W, C)`, as the classifier takes them; not to be changed meanwhile.
   * @param signal Drops what is not classified yet.
   * @returns `(N, classes)`.
   * @throws {BusyError} If too many images wait already.
   * @throws The signal's reason.
   */
  async classify(
    classifier: Classifier,
    batch: ImageBatch,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    signal?.throwIfAborted();
    const [count] = batch.shape;
    const waiting = this.#jobs.reduce((sum, { batch, done }) => sum + batch.shape[0] - done, 0);
    if (waiting > 0 && waiting + count > this.#room) {
      throw new BusyError(
        `Cannot classify: at most ${this.#room} images may wait, got ${count} more than ` +
          `${waiting}; try again shortly`,
      );
    }
    const classes = classifier.outputs[0]!.shape.at(-1)!;
    const values = new Float32Array(count * classes);
    if (count === 0) return values;
    const answer = Promise.withResolvers<Float32Array>();
    this.#jobs.push({ classifier, batch, signal, answer, values, done: 0 });
    if (!this.#isAtWork) this.#work();
    return await answer.promise;
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    while (this.#jobs.length > 0) {
      // Before the first batch too: what arrives together is classified together.
      await new Promise((resolve) => setImmediate(resolve));
      const end = performance.now() + this.#turn / 2;
      do await this.#next(); while (this.#jobs.length > 0 && performance.now() < end);
    }
    this.#isAtWork = false;
  }

  /** Classifies the next batch. */
  async #next(): Promise<void> {
    this.#drop();
    const parts = this.#gather();
    if (parts.length === 0) return;
    const { classifier } = parts[0]!.job;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const start = performance.now();
    try {
      const values = await classifier.classify(joined(parts, count));
      this.#learn(classifier, (performance.now() - start) / count);
      hand(values, parts);
    } catch (error) {
      const failed = new Set(parts.map(({ job }) => job));
      this.#jobs = this.#jobs.filter((job) => !failed.has(job));
      failed.forEach(({ answer }) => answer.reject(error));
      return;
    }
    // What is not done yet lets others go first.
    const [first] = this.#jobs.splice(0, 1);
    const rest = [...this.#jobs, first!];
    this.#jobs = rest.filter(({ batch, done }) => done < batch.shape[0]);
  }

  /** Forgets those whose client has gone. */
  #drop(): void {
    const gone = this.#jobs.filter(({ signal }) => signal?.aborted);
    if (gone.length === 0) return;
    this.#jobs = this.#jobs.filter((job) => !gone.includes(job));
    gone.forEach(({ answer, signal }) => answer.reject(signal!.reason));
  }

  /** Images of the first job, and of others for its model. */
  #gather(): Part[] {
    const [first] = this.#jobs;
    if (first === undefined) return [];
    const pace = this.#paces.get(first.classifier) ?? this.#turn / 4;
    let room = Math.min(Math.max(1, Math.floor(this.#turn / pace)), this.#batchSize);
    const parts: Part[] = [];
    for (const job of this.#jobs) {
      if (room === 0) break;
      if (job.classifier !== first.classifier) continue;
      const count = Math.min(room, job.batch.shape[0] - job.done);
      parts.push({ job, count });
      room -= count;
    }
    return parts;
  }

  /** A thread that was held up shows in some times and not in others. */
  #learn(classifier: Classifier, pace: number): void {
    const known = this.#paces.get(classifier) ?? pace;
    this.#paces.set(classifier, pace < known ? pace : known + (pace - known) / 8);
  }
}

function joined(parts: readonly Part[], count: number): ImageBatch {
  const images = parts.map(({ job: { batch: { data, shape }, done }, count }) => {
    const size = data.length / shape[0];
    return data.subarray(done * size, (done + count) * size);
  });
  const [, ...shape] = parts[0]!.job.batch.shape;
  if (images.length === 1) return { data: images[0]!, shape: [count, ...shape] };
  const data = new Float32Array(images.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const each of images) {
    data.set(each, offset);
    offset += each.length;
  }
  return { data, shape: [count, ...shape] };
}

/** Gives each job its part of a batch's answers. */
function hand(values: Float32Array, parts: readonly Part[]): void {
  let first = 0;
  for (const { job, count } of parts) {
    const classes = job.values.length / job.batch.shape[0];
    job.values.set(values.subarray(first * classes, (first + count) * classes), job.done * classes);
    first += count;
    job.done += count;
    if (job.done === job.batch.shape[0]) job.answer.resolve(job.values);
  }
}
