/**
 * Projected gradient descent (Mądry et al., "Towards Deep Learning Models Resistant to Adversarial
 * Attacks", arXiv 1706.06083), with the semantics of ART 1.20's `ProjectedGradientDescentNumpy`,
 * untargeted.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { ImageBatch } from "../core/types.ts";
import { type Ball, balls, type Norm } from "./norms.ts";

/** The numbers of an attack. */
export interface PgdNumbers {
  readonly norm: Norm;
  /** Largest size of a perturbation, from 0. */
  readonly eps: number;
  /** Size of a step, above 0 and finite. */
  readonly epsStep: number;
  /** Steps, from 0. */
  readonly steps: number;
  /** Random points of the ball to begin at, one after the other; 0: only the image itself. */
  readonly randomStarts: number;
}

/** What is attacked, and how. */
export interface PgdOptions extends PgdNumbers {
  /** The class of each image that the steps lead away from. */
  readonly labels: Uint8Array;
  /**
   * dLoss/dImages of images under these labels, `(N, H, W, C)`; may be scaled by any positive number.
   * NaN counts as 0; of infinite values see `Ball.steepest`. What it returns is overwritten.
   */
  readonly gradient: (images: ImageBatch, labels: Uint8Array) => Promise<Float32Array>;
  /** The class that the model gives each image. Needed from the second random start on. */
  readonly predict?: (images: ImageBatch) => Promise<Uint8Array>;
  /** Of the random starts. */
  readonly seed: number;
  /** What names each image, so that its starts depend on no other; its place if left out. */
  readonly indices?: Uint32Array;
  /** Called after each step, with steps done and to do; may stop the work by throwing. */
  readonly onStep?: (done: number, total: number) => void;
}

/**
 * Perturbs images within a ball around each of them, so that a model's loss rises. Each step goes
 * along the steepest direction, is clipped to 0–1, and then projected onto the ball. After a second
 * random start and each one that follows, an image takes its result where the model now says something
 * else than it says of the original; else it keeps the one before.
 *
 * @param images `(N, H, W, C)`, values in 0–1; left as they are.
 * @returns New images of the same shape, values in 0–1.
 * @throws {RangeError} If a number is out of range, or several starts have no `predict`.
 */
export async function pgd(images: ImageBatch, options: PgdOptions): Promise<ImageBatch> {
  requirePgdNumbers(options);
  const { randomStarts, predict } = options;
  if (randomStarts > 1 && predict === undefined) {
    throw new RangeError(
      `Cannot perturb images: predict must be given where randomStarts is more than 1, got ` +
        `${randomStarts}`,
    );
  }
  const from = (start: number) =>
    randomStarts === 0 ? images : randomStart(images, { ...options, start });
  const onStep = (start: number) => (done: number) =>
    options.onStep?.(start * options.steps + done, Math.max(1, randomStarts) * options.steps);
  const result = await ascend(from(0), images, { ...options, onStep: onStep(0) });
  if (randomStarts < 2) return result;
  const predicted = await predict!(images);
  const size = sizeOf(images);
  for (let start = 1; start < randomStarts; start++) {
    const other = await ascend(from(start), images, { ...options, onStep: onStep(start) });
    (await predict!(other)).forEach((label, i) => {
      if (label === predicted[i]) return;
      result.data.set(other.data.subarray(i * size, (i + 1) * size), i * size);
    });
  }
  return result;
}

/**
 * The steps of one start.
 *
 * @param start Where they begin.
 * @param images The middle of each ball.
 */
export async function ascend(
  start: ImageBatch,
  images: ImageBatch,
  { labels, gradient, norm, eps, epsStep, steps, onStep }: Omit<
    PgdOptions,
    "randomStarts" | "seed"
  >,
): Promise<ImageBatch> {
  const size = sizeOf(images);
  const moved = { data: start.data.slice(), shape: images.shape };
  for (let step = 1; step <= steps; step++) {
    const rise = await gradient(moved, labels);
    for (let first = 0; first < rise.length; first += size) {
      const [image, origin, ofImage] = [moved.data, images.data, rise]
        .map((values) => values.subarray(first, first + size)) as [
          Float32Array,
          Float32Array,
          Float32Array,
        ];
      moveOnce(image, origin, { gradient: ofImage, ball: balls[norm], eps, epsStep });
    }
    onStep?.(step, steps);
  }
  return moved;
}

function moveOnce(
  image: Float32Array,
  origin: Float32Array,
  { gradient, ball, eps, epsStep }: {
    gradient: Float32Array;
    ball: Ball;
    eps: number;
    epsStep: number;
  },
): void {
  for (let i = 0; i < gradient.length; i++) if (Number.isNaN(gradient[i])) gradient[i] = 0;
  ball.steepest(gradient);
  const perturbation = gradient;
  for (let i = 0; i < image.length; i++) {
    perturbation[i] = clipped(image[i]! + epsStep * gradient[i]!) - origin[i]!;
  }
  ball.project(perturbation, eps);
  // What was within 0–1 before the projection is so behind it, but for rounding.
  for (let i = 0; i < image.length; i++) image[i] = clipped(origin[i]! + perturbation[i]!);
}

/** Each image plus a random point of the ball, clipped to 0–1; by a stream of each image's own. */
function randomStart(
  images: ImageBatch,
  { start, norm, eps, seed, indices }: PgdOptions & { start: number },
): ImageBatch {
  const point = new Float32Array(sizeOf(images));
  const data = images.data.slice();
  for (let image = 0; image < images.shape[0]; image++) {
    const random = createRandom(seed, `start ${start} of image ${indices?.[image] ?? image}`);
    balls[norm].randomPoint(point, eps, random);
    const first = image * point.length;
    point.forEach((value, i) => data[first + i] = clipped(data[first + i]! + value));
  }
  return { data, shape: images.shape };
}

function requirePgdNumbers({ eps, epsStep, steps, randomStarts }: PgdNumbers): void {
  const rules: readonly (readonly [name: string, value: number, holds: boolean, rule: string])[] = [
    ["eps", eps, eps >= 0, "a number from 0"],
    ["epsStep", epsStep, epsStep > 0 && epsStep < Infinity, "a finite number above 0"],
    ["steps", steps, Number.isInteger(steps) && steps >= 0, "an integer from 0"],
    [
      "randomStarts",
      randomStarts,
      Number.isInteger(randomStarts) && randomStarts >= 0,
      "an integer from 0",
    ],
  ];
  for (const [name, value, holds, rule] of rules) {
    if (!holds) {
      throw new RangeError(`Cannot perturb images: ${name} must be ${rule}, got ${value}`);
    }
  }
}

function sizeOf({ shape: [, height, width, channels] }: ImageBatch): number {
  return height * width * channels;
}

function clipped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
