/**
 * JPEG to samples, sample for sample as libjpeg-turbo has them by default.
 *
 * Why not a library: jpeg-js, the one in plain JavaScript, had loops without an end, is no longer kept,
 * and takes several times as long. The work here is bounded by the header before it begins
 * (`jpeg_scan_header.ts`), and nothing is read or written but typed arrays and, by the module of
 * `assembly/`, memory of its own: both have bounds.
 *
 * @module
 */

import { joinPlanes } from "./jpeg_colour.ts";
import { type JpegFile, readJpegFile } from "./jpeg_file.ts";
import { createPlane, type Plane } from "./jpeg_plane.ts";
import { createCoefficients, decodeProgressiveScan, transformAll } from "./jpeg_progressive.ts";
import type { JpegScan } from "./jpeg_scan_header.ts";
import { decodeSequentialScan } from "./jpeg_sequential.ts";
import { orient } from "./orient.ts";
import type { Raster } from "./raster.ts";

/** How a JPEG is decoded. */
export interface JpegOptions {
  /**
   * Gives brightness alone, as one channel, if the file has it of its own (YCbCr): its colours are
   * neither put together nor, where they stand in scans of their own, read. Default `false`.
   */
  readonly luma?: boolean;
}

/**
 * Decodes a baseline or progressive JPEG of 8 bits: to one channel if it is grey, else to RGB; of
 * YCbCr, RGB, and Adobe's CMYK and YCCK. It is turned as the orientation in its Exif data says; broken
 * Exif data says nothing. Colour profiles are ignored.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @param options Whether brightness is enough.
 * @throws {ImageDecodeError} If it is broken, truncated, over `MAX_PIXELS` or of another coding.
 */
export function decodeJpeg(bytes: Uint8Array, { luma = false }: JpegOptions = {}): Raster {
  const file = readJpegFile(bytes);
  const { frame, orientation } = file;
  const decode = frame.isProgressive ? decodeProgressive : decodeSequential;
  const raster = luma && file.colour === "YCbCr"
    ? joinPlanes(frame, decode(file, 1), "grey")
    : joinPlanes(frame, decode(file, frame.components.length), file.colour);
  return orient(raster, orientation);
}

/** Decodes the first `wanted` components. */
function decodeSequential(file: JpegFile, wanted: number): readonly Plane[] {
  const planes = createPlanes(file, wanted);
  for (const scan of scansOf(file, wanted)) decodeSequentialScan(file.frame, scan, planes);
  return planes;
}

/** Decodes the first `wanted` components. */
function decodeProgressive(file: JpegFile, wanted: number): readonly Plane[] {
  const { frame } = file;
  // Of all: scans of several add to those of each.
  const coefficients = frame.components.map(createCoefficients);
  const scans = scansOf(file, wanted);
  for (const scan of scans) decodeProgressiveScan(frame, scan, coefficients);
  const planes = createPlanes(file, wanted);
  for (const [i, plane] of planes.entries()) transformAll(coefficients[i]!, plane);
  return planes;
}

function createPlanes({ frame, quantization }: JpegFile, wanted: number): readonly Plane[] {
  return frame.components.slice(0, wanted).map((component, i) =>
    createPlane(component, quantization[i]!)
  );
}

/** The scans that any of the first `wanted` components is in. */
function scansOf({ scans }: JpegFile, wanted: number): readonly JpegScan[] {
  return scans.filter(({ components }) => components.some(({ index }) => index < wanted));
}
