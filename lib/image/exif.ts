/**
 * The orientation in Exif data (CIPA DC-008, section 4.6.4), whatever else stands there.
 *
 * @module
 */

/**
 * At which edges of the upright image the first row and the first column of the stored one belong: 1
 * top and left, 2 top and right, 3 bottom and right, 4 bottom and left; 5 left and top, 6 right and
 * top, 7 right and bottom, 8 left and bottom.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION = 0x0112;

/** TIFF's 16-bit integers. */
const SHORT = 3;

/** Bytes of a directory's entry: tag, type, count, value. */
const ENTRY = 12;

/**
 * Reads the orientation.
 *
 * @param tiff Exif data from its TIFF header on; of any content.
 * @returns 1 if it holds none, or is broken.
 */
export function readOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return 1;
  const isLittle = view.getUint16(0) === 0x4949;
  if (!isLittle && view.getUint16(0) !== 0x4d4d || view.getUint16(2, isLittle) !== 42) return 1;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return 1;
  const entries = view.getUint16(directory, isLittle);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * ENTRY;
    if (entry + ENTRY > tiff.length) return 1;
    if (view.getUint16(entry, isLittle) !== ORIENTATION) continue;
    const isOne = view.getUint16(entry + 2, isLittle) === SHORT &&
      view.getUint32(entry + 4, isLittle) === 1;
    const value = view.getUint16(entry + 8, isLittle);
    return isOne && value >= 1 && value <= 8 ? value as Orientation : 1;
  }
  return 1;
}
