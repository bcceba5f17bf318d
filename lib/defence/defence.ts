/**
 * What all defences share. This file imports no implementation; each folder has an interface of its own,
 * by who asks: `model/`, `rows/`, `input/`, `repair/`.
 *
 * @module
 */

/** How a defence is run. */
export interface DefenceOptions {
  /** Of all that is random: the same seed and workers give the same bits. */
  readonly seed: number;
  /** Stops the work; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Told how much of the work is done, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** What a defence asked of a model, in images: an image that goes through it ten times counts as ten. */
export interface Cost {
  /** Images that were read, without a gradient. */
  readonly forwards: number;
  /** Images of which a gradient was taken, to weights or to pixels; each was read for it too. */
  readonly backwards: number;
}
