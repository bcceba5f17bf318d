/**
 * A decoded image, before it is fitted to a model.
 *
 * @module
 */

/** Samples as the file holds them: row-major, channels last, `(H, W, C)`. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Grey, grey and alpha, RGB, or RGB and alpha; alpha is not premultiplied. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Integers from 0 to `maximum`. */
  readonly data: Uint8Array | Uint16Array;
  /** The sample that stands for 1. */
  readonly maximum: 255 | 65535;
}
