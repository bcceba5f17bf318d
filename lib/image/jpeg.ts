/**
 * JPEG to samples, sample for sample as libjpeg-turbo has them by default.
 *
 * Why not a library: jpeg-js, the one in plain JavaScript, had loops without an end, is no longer kept,
 * and takes three to four times as long. The work here is bounded by the header before it begins
 * (`jpeg_scan_header.ts`), and nothing is read or written but typed arrays, which have bounds.
 *
 * @module
 */

import { joinPlanes } from "./jpeg_colour.ts";
import { type JpegFile, readJpegFile } from "./jpeg_file.ts";
import { inverseTransform } from "./jpeg_idct.ts";
import { createPlane, type Plane } from "./jpeg_plane.ts";
import { createCoefficients, decodeProgressiveScan } from "./jpeg_progressive.ts";
import { decodeSequentialScan } from "./jpeg_sequential.ts";
import { orient } from "./orient.ts";
import type { Raster } from "./raster.ts";

/**
 * Decodes a baseline or progressive JPEG of 8 bits: to one channel if it is grey, else to RGB; of
 * YCbCr, RGB, and Adobe's CMYK and YCCK. It is turned as the orientation in its Exif data says; broken
 * Exif data says nothing. Colour profiles are ignored.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @throws {ImageDecodeError} If it is broken, truncated, over `MAX_PIXELS` or of another coding.
 */
export function decodeJpeg(bytes: Uint8Array): Raster {
  const file = readJpegFile(bytes);
  const planes = file.frame.isProgressive ? decodeProgressive(file) : decodeSequential(file);
  return orient(joinPlanes(file.frame, planes, file.colour), file.orientation);
}

function decodeSequential(file: JpegFile): readonly Plane[] {
  const planes = createPlanes(file);
  for (const scan of file.scans) decodeSequentialScan(file.frame, scan, planes);
  return planes;
}

function decodeProgressive(file: JpegFile): readonly Plane[] {
  const { frame, scans } = file;
  const coefficients = frame.components.map(createCoefficients);
  for (const scan of scans) decodeProgressiveScan(frame, scan, coefficients);
  const planes = createPlanes(file);
  for (const [i, plane] of planes.entries()) {
    const { values, lasts } = coefficients[i]!;
    const { blockColumns, blockRows, paddedColumns } = plane.component;
    for (let row = 0; row < blockRows; row++) {
      for (let column = 0; column < blockColumns; column++) {
        const block = row * paddedColumns + column;
        inverseTransform(values, 64 * block, lasts[block]!, plane, block);
      }
    }
  }
  return planes;
}

function createPlanes({ frame, quantization }: JpegFile): readonly Plane[] {
  return frame.components.map((component, i) => createPlane(component, quantization[i]!));
}
