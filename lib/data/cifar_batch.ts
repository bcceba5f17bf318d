/**
 * The files in which CIFAR-10 is published: batches of images, as plain bytes or as Python pickled
 * them.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import type { LabelledImages } from "../core/types.ts";
import { type PickledObject, readPickle } from "./pickle.ts";

const SIDE = 32;
const CHANNELS = 3;
const PIXELS = SIDE * SIDE;
const VALUES = PIXELS * CHANNELS;

/** Bytes of an image in the binary version: its label, then its red, green and blue values. */
export const RECORD_BYTES = 1 + VALUES;

/** How a pickle begins; no record does, for no label is that large. */
const PICKLE_BEGIN = 0x80;

/**
 * A batch in the binary version's bytes, whichever version it was read from.
 *
 * @param bytes A file of the binary version, or of the Python version (a dictionary of `data`,
 * `(N, 3072)` uint8, and `labels`).
 * @param options.name What to call the file in errors.
 * @param options.images How many images it must have.
 * @param options.classes How many labels there are.
 * @returns N records: the label, 1,024 red values row by row, as many green ones, as many blue ones.
 * @throws {IntegrityError} If it is neither, or has other images than that.
 */
export function readCifarBatch(
  bytes: Uint8Array<ArrayBuffer>,
  { name, images, classes }: { name: string; images: number; classes: number },
): Uint8Array<ArrayBuffer> {
  const records = bytes[0] === PICKLE_BEGIN ? recordsOfPickle(bytes, name) : bytes;
  if (records.length !== images * RECORD_BYTES) {
    throw new IntegrityError(
      `Cannot read ${name}: it must hold ${images} images of ${RECORD_BYTES} bytes with their ` +
        `labels, got ${records.length} bytes; put the original file in its place`,
    );
  }
  for (let at = 0; at < records.length; at += RECORD_BYTES) {
    if (records[at]! < classes) continue;
    throw new IntegrityError(
      `Cannot read ${name}: label ${at / RECORD_BYTES} must be from 0 to ${classes - 1}, got ` +
        `${records[at]}; put the original file in its place`,
    );
  }
  return records;
}

/**
 * Writes records into images and labels, as float32 in 0–1, channels last.
 *
 * @param first The first record's place among the images.
 */
export function unpackRecords(
  records: Uint8Array,
  { images, labels }: LabelledImages,
  first: number,
): void {
  const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  for (let record = 0; record * RECORD_BYTES < records.length; record++) {
    const from = record * RECORD_BYTES;
    const to = (first + record) * VALUES;
    labels[first + record] = records[from]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        images.data[to + pixel * CHANNELS + channel] =
          unit[records[from + 1 + channel * PIXELS + pixel]!]!;
      }
    }
  }
}

/**
 * The records of images with their channels last.
 *
 * @param values `(N, 32, 32, 3)`.
 * @param labels N of them.
 */
export function packRecords(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  const records = new Uint8Array(labels.length * RECORD_BYTES);
  for (let record = 0; record < labels.length; record++) {
    const to = record * RECORD_BYTES;
    records[to] = labels[record]!;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      for (let channel = 0; channel < CHANNELS; channel++) {
        records[to + 1 + channel * PIXELS + pixel] =
          values[record * VALUES + pixel * CHANNELS + channel]!;
      }
    }
  }
  return records;
}

function recordsOfPickle(bytes: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const batch = readPickle(bytes, { name });
  const values = batch instanceof Map ? bytesOfArray(batch.get("data")) : null;
  const labels = batch instanceof Map ? batch.get("labels") : null;
  const isWhole = values !== null && Array.isArray(labels) &&
    labels.every(isByte) &&
    values.length === labels.length * VALUES;
  if (!isWhole) {
    throw new IntegrityError(
      `Cannot read ${name}: the pickle must be a dictionary of data, ${VALUES} bytes an image, and ` +
        "labels, got something else; put the original file in its place",
    );
  }
  const records = new Uint8Array(labels.length * RECORD_BYTES);
  labels.forEach((label, i) => {
    records[i * RECORD_BYTES] = label;
    records.set(values.subarray(i * VALUES, (i + 1) * VALUES), i * RECORD_BYTES + 1);
  });
  return records;
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256;
}

/**
 * The bytes of a pickled NumPy array of uint8: an object with the state version, shape, type, whether
 * its columns come first, bytes. `null` for anything else.
 */
function bytesOfArray(value: unknown): Uint8Array | null {
  const array = value as Partial<PickledObject> | null | undefined;
  if (array?.made !== "numpy.core.multiarray._reconstruct" || !Array.isArray(array.state)) {
    return null;
  }
  const [, , type, isFortran, bytes] = array.state;
  const { made, args } = (type ?? {}) as Partial<PickledObject>;
  const isBytes = made === "numpy.dtype" && args?.[0] === "u1" && isFortran === false;
  // A short one is read as a string.
  return isBytes && bytes instanceof Uint8Array ? bytes : null;
}
