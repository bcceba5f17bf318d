/**
 * Products of bytes in the scale of bytes.
 *
 * @module
 */

/**
 * `Math.round(product / 255)` by shifts, as Pillow does it; exact for products of two bytes, and
 * Pillow's own rounding in the finer scales in which it also uses it.
 *
 * @param product From 0 to 255 × 255 in units of one, or a multiple of it up to 2³⁰.
 * @param fraction Bits behind the point of the product; default 0.
 */
export function divideBy255(product: number, fraction = 0): number {
  const rounded = product + (0x80 << fraction);
  return ((rounded >> 8) + rounded) >> (8 + fraction);
}
