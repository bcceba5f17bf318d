/**
 * The samples of one component of a JPEG.
 *
 * @module
 */

import { BLOCK, type JpegComponent } from "./jpeg_frame.ts";

/** Samples of a component, those of its last blocks beyond the image included. */
export interface Plane {
  readonly component: JpegComponent;
  readonly quantization: Int32Array;
  /** `(paddedRows · 8, stride)`. */
  readonly samples: Uint8Array;
  readonly stride: number;
}

/** Makes a plane, all zero. */
export function createPlane(component: JpegComponent, quantization: Int32Array): Plane {
  const stride = component.paddedColumns * BLOCK;
  const samples = new Uint8Array(stride * component.paddedRows * BLOCK);
  return { component, quantization, samples, stride };
}
