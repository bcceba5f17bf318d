/**
 * Uploads to models' inputs, as a server needs it: off the serving thread, in bounded time and memory.
 *
 * @module
 */

import type { Image } from "../core/types.ts";
// The file, not the folder's mod.ts, as in `fit_image.ts`.
import { type ImageHead, peekImage } from "../image/peek.ts";
import { fitImage, type ModelInput } from "./fit_image.ts";
import { ImageWorker } from "./image_worker.ts";

/** Reads images from outside. */
export interface ImageReader {
  /**
   * Decodes an image and fits it to models.
   *
   * @param bytes A PNG or a JPEG.
   * @param request What the models take, and a signal that ends the wait.
   * @returns An image for each input, in their order, values in 0–1.
   * @throws {ImageTypeError} If the bytes are of no accepted type.
   * @throws {ImageDecodeError} If the image is broken or too large, or takes too long to decode.
   * @throws {BusyError} If so much waits to be decoded that there is no room for it.
   */
  read(bytes: Uint8Array, request: ImageRequest): Promise<Image[]>;
}

/** What is wanted of an image. */
export interface ImageRequest {
  /** What `peekImage` says of it, if it was asked already: it goes over the whole file. */
  readonly head?: ImageHead;
  readonly inputs: readonly ModelInput[];
  /** If it aborts, an image that still waits is dropped, and the promise is rejected by its reason. */
  readonly signal?: AbortSignal;
}

/** Settings of `createImageReader`. */
export interface ImageReaderOptions {
  /** Milliseconds that one image may take; 1,000 unless given. */
  readonly timeLimit?: number;
  /** Another program for the Workers, which speaks as `image_messages.ts` says: for tests. */
  readonly program?: URL;
}

/**
 * PNGs of up to so many pixels, as `peekImage` counts them, are tiny, as digits are. To hand one to a
 * Worker takes ten times as long as to decode it, and needs not be: the header bounds all of its work,
 * by an exact length of what is inflated and loops over rows of it.
 */
const TINY_COST = 16_000;

/**
 * Images of up to so many pixels, as `peekImage` counts them, are small: a photograph that a page has
 * made smaller is, one from a camera is not.
 */
export const SMALL_COST = 1_000_000;

/** Beyond this, about a second of work, what is costliest among small images is refused. */
const SMALL_WAITING = { cost: 8_000_000, count: 128 };
/** Four of the largest. */
const LARGE_WAITING = { cost: 16_000_000, count: 16 };

/**
 * V8 keeps what large images leave behind longer than a small machine has memory. What small ones leave
 * behind does not grow, and a fresh Worker would have to be warmed up by hundreds of them.
 */
const LARGE_RETIRE_AFTER = 3_000_000;

/**
 * Makes a reader that decodes in Workers, but for tiny PNGs, which are decoded on the thread that calls:
 * one Worker for small images, and one for large ones. So small images never wait for large ones, and
 * there is never more than one large image in memory. An image that takes too long ends its Worker, and
 * nothing else.
 *
 * Each is started when its first image comes, which waits some 50 ms for it: a server that is asked for
 * digits alone starts with a sixth less work, and takes less memory.
 *
 * @returns The reader. Disposing of it ends the Workers.
 *
 * @example
 * ```ts
 * import { encodePng } from "../image/mod.ts";
 * import { createImageReader } from "./image_reader.ts";
 * import assert from "node:assert/strict";
 *
 * using images = createImageReader();
 * const png = encodePng({ data: new Float32Array(28 * 28), shape: [28, 28, 1] });
 * const [image] = await images.read(png, { inputs: [{ shape: [28, 28, 1] }] });
 * assert.deepEqual(image?.shape, [28, 28, 1]);
 * ```
 */
export function createImageReader(
  { timeLimit = 1_000, program }: ImageReaderOptions = {},
): ImageReader & Disposable {
  const small = new ImageWorker(
    { timeLimit, waiting: SMALL_WAITING, retireAfter: Infinity },
    program,
  );
  const large = new ImageWorker(
    { timeLimit, waiting: LARGE_WAITING, retireAfter: LARGE_RETIRE_AFTER },
    program,
  );
  return {
    async read(bytes, { head = peekImage(bytes), inputs, signal }) {
      const { type, cost } = head;
      signal?.throwIfAborted();
      if (type === "image/png" && cost <= TINY_COST) return fitImage(bytes, inputs);
      return await (cost <= SMALL_COST ? small : large).read({ bytes, cost, inputs, signal });
    },
    [Symbol.dispose]() {
      small[Symbol.dispose]();
      large[Symbol.dispose]();
    },
  };
}

/** Reads images on the thread that calls, without a bound on time or on what waits. */
export const readOnThisThread: ImageReader = {
  read: (bytes, { inputs }) => Promise.try(() => fitImage(bytes, inputs)),
};
