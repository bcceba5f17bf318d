/**
 * One Worker that reads images, and what waits for it.
 *
 * @module
 */

import { BusyError } from "../core/errors.ts";
import type { Image } from "../core/types.ts";
import { ImageDecodeError, ImageTypeError } from "../image/errors.ts";
import { CostQueue, type CostQueueLimits } from "./cost_queue.ts";
import type { ModelInput } from "./fit_image.ts";
import type { ImageAnswer, ImageOrder } from "./image_messages.ts";

/** What bounds a Worker. */
export interface ImageWorkerLimits {
  /** How much may wait, in pixels (`peekImage`) and images. */
  readonly waiting: CostQueueLimits;
  /** Milliseconds that one image may take, from 1. */
  readonly timeLimit: number;
  /**
   * Pixels after which a fresh Worker takes over, so that the memory of the old one goes to the system;
   * Infinity for never.
   */
  readonly retireAfter: number;
}

/** An image, and what it costs to read. */
export interface ImageTask {
  readonly bytes: Uint8Array;
  readonly inputs: readonly ModelInput[];
  /** As `peekImage` says. */
  readonly cost: number;
  readonly signal?: AbortSignal | undefined;
}

interface Job extends Omit<ImageOrder, "timeLimit">, PromiseWithResolvers<Image[]> {
  readonly cost: number;
}

/** Milliseconds for a Worker to start. */
const START_LIMIT = 10_000;

/**
 * Milliseconds beyond the time limit after which a Worker is given up: it keeps the limit itself, but
 * not while it is in native code, and the serving thread may be late to read its answer.
 */
const GRACE = 1_000;

/**
 * Images are sent ahead, up to these pixels with the one that is being read, so that the Worker has the
 * next one when it is done with one and the serving thread is at other work.
 */
const AHEAD = 800_000;

/** Milliseconds that a Worker's memory takes to go: the next one waits, so that both are never there. */
const PAUSE = 100;

/** The program of the Worker. */
const PROGRAM = new URL("./image_thread.ts", import.meta.url);

/**
 * Reads images one at a time in a Worker of its own, cheapest first. What goes wrong with one image,
 * even that it never ends, is the fault of that image alone: others go on in a fresh Worker.
 */
export class ImageWorker {
  readonly #limits: ImageWorkerLimits;
  readonly #program: URL;
  readonly #queue: CostQueue<Job>;
  /** Sent and not answered, in their order: the first is being read. */
  #sent: Job[] = [];
  #worker: Worker | null = null;
  #isReady = false;
  /** Pixels that this Worker has read. */
  #read = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Until it ends, no Worker is started. */
  #pause: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #isClosed = false;

  /**
   * @param program Another program for the Worker, which speaks as `image_messages.ts` says.
   */
  constructor(limits: ImageWorkerLimits, program: URL = PROGRAM) {
    this.#limits = limits;
    this.#program = program;
    this.#queue = new CostQueue(limits.waiting);
  }

  #start(): void {
    if (this.#worker !== null || this.#pause !== undefined || this.#isClosed) return;
    const worker = new Worker(this.#program, { type: "module", name: "edgedoor images" });
    worker.onmessage = ({ data }: MessageEvent<ImageAnswer>) => {
      if (worker === this.#worker) this.#take(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#die(event.message);
    };
    [this.#worker, this.#isReady, this.#read] = [worker, false, 0];
    this.#sent.forEach((job) => this.#post(job));
    this.#watch();
  }

  /**
   * Reads an image.
   *
   * @returns An image for each input, in their order.
   * @throws {ImageTypeError} If the bytes are of no accepted type.
   * @throws {ImageDecodeError} If the image is broken or too large, or takes longer than it may.
   * @throws {BusyError} If there is no room for it among what waits.
   * @throws {Error} If the Worker cannot start, or fails in a way that is not the image's; also the
   * signal's reason.
   */
  async read({ signal, bytes, inputs, cost }: ImageTask): Promise<Image[]> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw closed();
    const id = ++this.#lastId;
    const job: Job = { id, bytes, inputs, cost, ...Promise.withResolvers<Image[]>() };
    const leave = () => {
      this.#queue.remove(job);
      job.reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave);
    try {
      for (const { reject } of this.#queue.add(job)) reject(new BusyError(BUSY));
      this.#send();
      return await job.promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  /** Ends the Worker; what waits for it fails. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#failAll(closed());
  }

  #send(): void {
    for (let next = this.#queue.first; next !== undefined; next = this.#queue.first) {
      if (this.#sent.length > 0 && !this.#isRoomAhead(next)) return;
      this.#queue.take();
      this.#sent.push(next);
      // A Worker that starts is sent all there is.
      if (this.#worker === null) this.#start();
      else this.#post(next);
      if (this.#sent.length === 1) this.#watch();
    }
  }

  #post({ id, bytes, inputs }: Job): void {
    const { timeLimit } = this.#limits;
    this.#worker?.postMessage({ id, bytes, inputs, timeLimit } satisfies ImageOrder);
  }

  /** A Worker that will retire gets nothing more. */
  #isRoomAhead({ cost }: Job): boolean {
    const ahead = this.#sent.reduce((sum, job) => sum + job.cost, cost);
    return ahead <= AHEAD && this.#read < this.#limits.retireAfter;
  }

  #take(answer: ImageAnswer): void {
    if (answer.kind === "ready") {
      this.#isReady = true;
    } else {
      const job = this.#sent.shift()!;
      this.#read += job.cost;
      if (answer.kind === "done") job.resolve([...answer.images]);
      else job.reject(this.#errorOf(answer));
      const isLate = answer.kind === "failed" && answer.name === "TimeError";
      const isOld = this.#read >= this.#limits.retireAfter && this.#sent.length === 0;
      // Both leave much behind.
      if (isLate || isOld) this.#replace();
    }
    this.#watch();
    this.#send();
  }

  /** Gives the first of what is sent its time. */
  #watch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [job] = this.#sent;
    if (this.#worker === null || job === undefined && this.#isReady) return;
    if (!this.#isReady) {
      this.#timer = setTimeout(() => this.#die("it did not start"), START_LIMIT);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#sent.shift();
      job?.reject(this.#tooSlow());
      this.#replace();
      this.#send();
    }, this.#limits.timeLimit + GRACE);
  }

  /** A fresh Worker, which goes on with what was sent. */
  #replace(): void {
    this.#end();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#start();
    }, PAUSE);
  }

  /**
   * The Worker has failed by itself: so has the image that it was at. If it was at none it cannot
   * start, and then all that wait would wait in vain.
   */
  #die(reason: string): void {
    const error = new Error(`Cannot read images: the Worker for it has failed: ${reason}`);
    if (!this.#isReady) return this.#failAll(error);
    this.#sent.shift()?.reject(error);
    this.#end();
    // If nothing waits, the next image starts it.
    if (this.#sent.length > 0) this.#start();
    this.#send();
  }

  #failAll(error: Error): void {
    this.#end();
    const jobs = [...this.#sent, ...this.#queue.clear()];
    this.#sent = [];
    for (const { reject } of jobs) reject(error);
  }

  #end(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#pause);
    this.#timer = this.#pause = undefined;
    this.#worker?.terminate();
    this.#worker = null;
  }

  #errorOf({ name, error }: ImageAnswer & { kind: "failed" }): Error {
    if (name === "TimeError") return this.#tooSlow();
    if (name === "ImageTypeError") return new ImageTypeError(error.message);
    if (name === "ImageDecodeError") return new ImageDecodeError(error.message);
    return error;
  }

  #tooSlow(): ImageDecodeError {
    const seconds = this.#limits.timeLimit / 1000;
    return new ImageDecodeError(
      `Cannot decode image: it must be decoded within ${seconds} seconds, got one that takes ` +
        "longer; save it as an ordinary PNG or JPEG, or make it smaller",
    );
  }
}

const BUSY = "Cannot take the image: as many as the server can hold wait to be decoded, and this " +
  "one costs the most; try again shortly";

function closed(): Error {
  return new Error("Cannot read images: the reader has been closed");
}
