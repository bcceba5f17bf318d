/**
 * What can be wrong with image bytes from outside.
 *
 * @module
 */

/** The bytes are not of an accepted image type: HTTP 415. */
export class ImageTypeError extends Error {
  override readonly name = "ImageTypeError";
}

/** The image is broken, truncated or too large when decoded: HTTP 422. */
export class ImageDecodeError extends Error {
  override readonly name = "ImageDecodeError";
}

/**
 * Words the error of a file that cannot be decoded.
 *
 * @param format For example `"PNG"`.
 * @param what "Y must be Z, got W".
 * @param options The error behind it, where there is one, as `cause`.
 */
export function brokenImage(
  format: string,
  what: string,
  options?: ErrorOptions,
): ImageDecodeError {
  return new ImageDecodeError(
    `Cannot decode ${format}: ${what}; save the image again as an ordinary PNG or JPEG`,
    options,
  );
}
