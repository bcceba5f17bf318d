/**
 * The sizes of a convolution or a pooling, and the structs that `assembly/` reads them from.
 *
 * @module
 */

/** The sizes of windows on images, channels last; tfjs's `Conv2DInfo` is one of these. */
export interface WindowSizes {
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  /** Pixels of padding before the first row and column. */
  readonly padInfo: { readonly top: number; readonly left: number };
  readonly dilationHeight: number;
  readonly dilationWidth: number;
}

/** The fields of the struct `Convolution`, in order. */
export function convolutionFields(sizes: WindowSizes): number[] {
  return [
    sizes.inHeight,
    sizes.inWidth,
    sizes.inChannels,
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.outHeight,
    sizes.outWidth,
    sizes.outChannels,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padInfo.top,
    sizes.padInfo.left,
    sizes.dilationHeight,
    sizes.dilationWidth,
  ];
}

/** The fields of the struct `Pooling`, in order. */
export function poolingFields(sizes: WindowSizes): number[] {
  return [
    sizes.inHeight,
    sizes.inWidth,
    sizes.inChannels,
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.outHeight,
    sizes.outWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padInfo.top,
    sizes.padInfo.left,
    sizes.dilationHeight,
    sizes.dilationWidth,
  ];
}
