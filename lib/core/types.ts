/**
 * The shapes of data that the whole project passes around.
 *
 * @module
 */

/** Height, width and channels of one image. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Number of images, then height, width and channels of each. */
export type BatchShape = readonly [count: number, height: number, width: number, channels: number];

/** One image: row-major, channels last, `(H, W, C)`, values in 0–1. */
export interface Image {
  readonly data: Float32Array;
  readonly shape: ImageShape;
}

/** A batch of images of one size: row-major, channels last, `(N, H, W, C)`, values in 0–1. */
export interface ImageBatch {
  readonly data: Float32Array;
  readonly shape: BatchShape;
}

/** One image or a batch. */
export type Images = Image | ImageBatch;

/** Images with the class of each: `labels.length === images.shape[0]`. */
export interface LabelledImages {
  readonly images: ImageBatch;
  readonly labels: Uint8Array;
}

/** Mean and standard deviation of each channel over all pixels of a set of images, values in 0–1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** A value that survives `JSON.stringify` and `JSON.parse` unchanged. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};
