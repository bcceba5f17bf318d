/**
 * Where the windows of a convolution or a pooling lie, as the references take it.
 *
 * @module
 */

/** Sizes along height and width. */
export type Sides = readonly [height: number, width: number];

/** How windows are laid over images; all in pixels. */
export interface WindowOptions {
  /** Windows along each side. */
  readonly outSize: Sides;
  /** From one window to the next, from 1. */
  readonly strides: Sides;
  /** How far the first window begins above and left of the image. */
  readonly padding: Sides;
  /** From one pixel of a window to the next, from 1. */
  readonly dilations: Sides;
}

/** A pixel of a window that lies within the image. */
export interface WindowPixel {
  /** Which image of the batch. */
  readonly image: number;
  /** Which window. */
  readonly outY: number;
  readonly outX: number;
  /** Where in the window. */
  readonly filterY: number;
  readonly filterX: number;
  /** Where in the image. */
  readonly inY: number;
  readonly inX: number;
}

/**
 * All pixels of all windows, in row order: images, then windows, then the pixels of each. Padding
 * is left out: it holds nothing that counts.
 *
 * @param imageShape `(batch, inH, inW, …)`.
 * @param filterSize Height and width of a window.
 */
export function* windowPixels(
  imageShape: readonly number[],
  filterSize: Sides,
  { outSize, strides, padding, dilations }: WindowOptions,
): Generator<WindowPixel> {
  const [batch = 0, inH = 0, inW = 0] = imageShape;
  for (let image = 0; image < batch; image++) {
    for (let outY = 0; outY < outSize[0]; outY++) {
      for (let outX = 0; outX < outSize[1]; outX++) {
        for (let filterY = 0; filterY < filterSize[0]; filterY++) {
          const inY = outY * strides[0] - padding[0] + filterY * dilations[0];
          if (inY < 0 || inY >= inH) continue;
          for (let filterX = 0; filterX < filterSize[1]; filterX++) {
            const inX = outX * strides[1] - padding[1] + filterX * dilations[1];
            if (inX < 0 || inX >= inW) continue;
            yield { image, outY, outX, filterY, filterX, inY, inX };
          }
        }
      }
    }
  }
}

/** Where pixel (y, x) of an image begins in the data of a batch of this shape. */
export function pixelOffset(
  shape: readonly number[],
  [image, y, x]: readonly [image: number, y: number, x: number],
): number {
  const [, height = 0, width = 0, channels = 0] = shape;
  return ((image * height + y) * width + x) * channels;
}
