/**
 * The two calls on a canvas that answer `null` where they should throw.
 *
 * @module
 */

/**
 * The drawing context of a canvas.
 *
 * @throws {Error} If the browser gives none.
 */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("Cannot draw: the browser gives no 2D canvas");
  return context;
}

/**
 * The canvas as a file.
 *
 * @param type `image/png` or `image/jpeg`.
 * @throws {Error} If the browser cannot write it.
 */
export function toBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => blob ? resolve(blob) : reject(new Error(`Cannot write the image as ${type}`)),
      type,
    );
  });
}
