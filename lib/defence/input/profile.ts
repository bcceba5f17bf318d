/**
 * What a defence has learnt of a model, in plain data that is stored beside it.
 *
 * @module
 */

import { IntegrityError } from "../../core/errors.ts";
import type { ImageShape, Json } from "../../core/types.ts";

/** Numbers and arrays by name; what they mean, the defence knows. */
export interface ProfileValues {
  readonly numbers?: Readonly<Record<string, number>>;
  readonly arrays?: Readonly<Record<string, Float32Array | Uint8Array>>;
}

/** What a defence has learnt of a model. */
export interface Profile extends Required<ProfileValues> {
  /** The defence's name. */
  readonly defence: string;
  /** The images that the model takes. */
  readonly image: ImageShape;
  /** The classes that the model knows. */
  readonly classes: number;
}

/**
 * A number of a profile.
 *
 * @throws {IntegrityError} If it is not there.
 */
export function numberOf({ defence, numbers }: Profile, name: string): number {
  const number = numbers[name];
  if (number === undefined) throw missing(defence, `number ${name}`);
  return number;
}

/**
 * Values of a profile.
 *
 * @param length How many there must be; any number of them unless given.
 * @throws {IntegrityError} If they are not there, or not as many.
 */
export function floatsOf(
  { defence, arrays }: Profile,
  name: string,
  length?: number,
): Float32Array {
  const array = arrays[name];
  if (!(array instanceof Float32Array) || array.length !== (length ?? array.length)) {
    throw missing(defence, `${length === undefined ? "" : `${length} `}float32 values ${name}`);
  }
  return array;
}

/**
 * Bytes of a profile.
 *
 * @throws {IntegrityError} If they are not there.
 */
export function bytesOf({ defence, arrays }: Profile, name: string): Uint8Array {
  const array = arrays[name];
  if (!(array instanceof Uint8Array)) throw missing(defence, `bytes ${name}`);
  return array;
}

function missing(defence: string, what: string): IntegrityError {
  return new IntegrityError(
    `Cannot use the profile of ${defence}: it must have ${what}, got none; calibrate the defence again`,
  );
}

/**
 * A profile as JSON: arrays are `{ type, base64 }`, their bytes as memory has them, little-endian on
 * every machine that runs WebAssembly.
 */
export function profileToJson({ defence, image, classes, numbers, arrays }: Profile): Json {
  const encoded = Object.entries(arrays).map(([name, array]) => {
    const type = array instanceof Uint8Array ? "uint8" : "float32";
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    return [name, { type, base64: bytes.toBase64() }] as const;
  });
  return { defence, image, classes, numbers, arrays: Object.fromEntries(encoded) };
}

/**
 * Reads a profile.
 *
 * @param json Of `profileToJson`.
 * @throws {IntegrityError} If it is none.
 *
 * @example
 * ```ts
 * import { profileFromJson, profileToJson } from "./profile.ts";
 * import assert from "node:assert/strict";
 *
 * const profile = {
 *   ...{ defence: "strip", image: [1, 2, 1] as const, classes: 10 },
 *   ...{ numbers: {}, arrays: { overlays: Uint8Array.of(0, 255) } },
 * };
 * assert.deepEqual(profileFromJson(JSON.parse(JSON.stringify(profileToJson(profile)))), profile);
 * ```
 */
export function profileFromJson(json: Json): Profile {
  const { defence, image, classes, numbers, arrays } = fieldsOf(json);
  if (typeof defence !== "string" || typeof classes !== "number" || !isShape(image)) {
    throw broken("name, image and classes");
  }
  return {
    ...{ defence, image, classes },
    numbers: Object.fromEntries(
      Object.entries(fieldsOf(numbers)).map(([name, number]) => {
        if (typeof number !== "number") throw broken(`a number ${name}`);
        return [name, number];
      }),
    ),
    arrays: Object.fromEntries(
      Object.entries(fieldsOf(arrays)).map(([name, array]) => [name, arrayOf(array, name)]),
    ),
  };
}

function arrayOf(json: Json, name: string): Float32Array | Uint8Array {
  const { type, base64 } = fieldsOf(json);
  const bytes = typeof base64 === "string" ? decode(base64) : null;
  if (bytes !== null && type === "uint8") return bytes;
  if (bytes !== null && type === "float32" && bytes.length % 4 === 0) {
    return new Float32Array(bytes.buffer);
  }
  throw broken(`uint8 or float32 values ${name} in base64`);
}

function decode(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(Uint8Array.fromBase64(base64));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fieldsOf(json: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw broken("an object with numbers and arrays");
  }
  return json as Readonly<Record<string, Json>>;
}

function isShape(json: Json | undefined): json is ImageShape {
  return Array.isArray(json) && json.length === 3 && json.every(Number.isInteger);
}

function broken(what: string): IntegrityError {
  return new IntegrityError(
    `Cannot read a defence's profile: it must have ${what}, got none; calibrate the defence again`,
  );
}
