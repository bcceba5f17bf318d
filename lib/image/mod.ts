/**
 * Images: bytes in, a model's input out, and back to bytes.
 *
 * @module
 */

export { decodeImage, type DecodeOptions } from "./decode.ts";
export { encodePng } from "./encode.ts";
export { ImageDecodeError, ImageTypeError } from "./errors.ts";
export { ACCEPTED_TYPES, MAX_BYTES, MAX_PIXELS } from "./limits.ts";
export { type ModelInputOptions, toModelInput } from "./model_input.ts";
export { type ImageHead, peekImage } from "./peek.ts";
export type { Raster } from "./raster.ts";
