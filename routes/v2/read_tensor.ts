/**
 * The values of the input tensor: out of JSON, or out of bytes.
 *
 * @module
 */

import { UsageError } from "../../lib/core/errors.ts";
import { INPUT, VALUE_BYTES } from "./tensors.ts";

/**
 * Reads values from JSON.
 *
 * @param data Flat in row-major order, or nested as the shape is.
 * @param shape The tensor's; its product is bounded.
 * @throws {UsageError} If they are not as many numbers in 0–1.
 */
export function valuesFromJson(data: unknown, shape: readonly number[]): Float32Array {
  const count = shape.reduce((product, extent) => product * extent, 1);
  const values = new Float32Array(count);
  const isNested = Array.isArray(data) && Array.isArray(data[0]);
  fill(values, data, { shape: isNested ? shape : [count], start: 0 });
  return checkRange(values);
}

/** Writes one level of an array into its part of the values. */
function fill(
  values: Float32Array,
  data: unknown,
  { shape: [extent = 1, ...inner], start }: { shape: readonly number[]; start: number },
): void {
  if (!Array.isArray(data) || data.length !== extent) {
    throw new UsageError(
      `Cannot read the request: data of input "${INPUT}" must be a flat array, or arrays nested as ` +
        `its shape is, with ${extent} elements here, got ` +
        (Array.isArray(data) ? `${data.length}` : `no array`),
    );
  }
  const size = inner.reduce((product, each) => product * each, 1);
  for (let i = 0; i < extent; i++) {
    const element: unknown = data[i];
    if (inner.length > 0) fill(values, element, { shape: inner, start: start + i * size });
    else if (typeof element === "number") values[start + i] = element;
    else {
      throw new UsageError(
        `Cannot read the request: data of input "${INPUT}" must be numbers, got ` +
          (Array.isArray(element) ? "an array" : element === null ? "null" : `a ${typeof element}`),
      );
    }
  }
}

/**
 * Reads values from bytes: FP32, little-endian, row-major.
 *
 * @param bytes As long as the shape says.
 * @throws {UsageError} If a value is not in 0–1.
 */
export function valuesFromBytes(bytes: Uint8Array): Float32Array {
  // A copy begins where its values can be read; all machines that run WebAssembly are little-endian.
  return checkRange(new Float32Array(bytes.slice().buffer, 0, bytes.length / VALUE_BYTES));
}

function checkRange(values: Float32Array): Float32Array {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // So that NaN is refused too.
    if (!(value >= 0 && value <= 1)) {
      throw new UsageError(
        `Cannot classify: values of input "${INPUT}" must be from 0 to 1, got ${value} at ${i}; ` +
          "divide bytes by 255",
      );
    }
  }
  return values;
}
