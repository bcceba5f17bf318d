/**
 * Counts what a defence asks of a model, tells how far it is, and stops it.
 *
 * @module
 */

import type { Cost, DefenceOptions } from "./defence.ts";

/** Of an image's forward pass, the time that its gradient takes beside; for progress alone. */
const BACKWARD = 3;

/** Counts images. */
export interface Meter {
  /** What was counted until now. */
  readonly cost: Cost;
  /**
   * To be called before a model reads images.
   *
   * @throws The signal's reason, if it has fired.
   */
  forward(images: number): void;
  /** As `forward`, before the gradients of images are taken. */
  backward(images: number): void;
}

/**
 * Makes a meter.
 *
 * @param expected What the work will come to, by which progress goes.
 * @param options Who is told, and who can stop.
 */
export function createMeter(
  expected: Cost,
  { signal, onProgress }: Pick<DefenceOptions, "signal" | "onProgress">,
): Meter {
  const weigh = ({ forwards, backwards }: Cost) => forwards + BACKWARD * backwards;
  const whole = Math.max(1, weigh(expected));
  let cost: Cost = { forwards: 0, backwards: 0 };
  const count = (forwards: number, backwards: number) => {
    signal?.throwIfAborted();
    if (cost.forwards + cost.backwards > 0) onProgress?.(Math.min(1, weigh(cost) / whole));
    signal?.throwIfAborted();
    cost = { forwards: cost.forwards + forwards, backwards: cost.backwards + backwards };
  };
  return {
    get cost() {
      return cost;
    },
    forward: (images) => count(images, 0),
    backward: (images) => count(0, images),
  };
}
