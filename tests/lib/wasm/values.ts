/** Values for tests: how they are drawn, computed on a backend, and compared. */

import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "../../../lib/core/random.ts";
import type { Values } from "../../../lib/wasm/reference/values.ts";

/** What to draw. */
export interface DrawOptions {
  readonly seed: number;
  /** Share of values that are not zero; 1 unless given. */
  readonly density?: number;
}

/**
 * Draws multiples of 1/4 from −2 to 2, none of them 0. Sums of some thousand products of these are exact in
 * float32, in any order: a kernel must equal its float64 reference to the last bit.
 */
export function drawValues(shape: readonly number[], { seed, density = 1 }: DrawOptions): Values {
  const random = createRandom(seed, "values");
  const size = tf.util.sizeFromShape([...shape]);
  const data = Float64Array.from({ length: size }, () => {
    const magnitude = (1 + random.integer(8)) / 4;
    const sign = random.integer(2) === 0 ? 1 : -1;
    return random.uniform() < density ? sign * magnitude : 0;
  });
  return { data, shape };
}

/** The same values as a float32 tensor of the current backend. */
export function toTensor<R extends tf.Rank>({ data, shape }: Values): tf.Tensor<R> {
  return tf.tensor(Float32Array.from(data), [...shape] as tf.ShapeMap[R], "float32");
}

/** Computes on a backend; every tensor made is freed. */
export async function evaluate(
  backend: "wasm" | "cpu",
  compute: () => tf.Tensor,
): Promise<Values> {
  await tf.setBackend(backend);
  const result = tf.tidy(compute);
  const values = { data: Float64Array.from(await result.data()), shape: result.shape };
  result.dispose();
  return values;
}

/** A kernel's operands, and its attributes as tfjs's op would pass them. */
export interface KernelInputs {
  readonly inputs: Readonly<Record<string, Values>>;
  readonly attrs?: object;
}

/** Runs a kernel by name on a backend: what tfjs's op does once it has checked its arguments. */
export function runKernel(
  backend: "wasm" | "cpu",
  kernelName: string,
  { inputs, attrs = {} }: KernelInputs,
): Promise<Values> {
  return evaluate(backend, () => {
    const tensors = Object.entries(inputs).map(([name, values]) => [name, toTensor(values)]);
    return tf.engine().runKernel<tf.Tensor>(kernelName, Object.fromEntries(tensors), { ...attrs });
  });
}

/**
 * Asserts equality of shape and of each value.
 *
 * @param tolerance Largest difference, relative to 1 + |expected|; 0 unless given.
 */
export function assertValues(actual: Values, expected: Values, tolerance = 0): void {
  assert.deepEqual([...actual.shape], [...expected.shape]);
  for (const [i, value] of expected.data.entries()) {
    const got = actual.data[i]!;
    if (got === value || (Number.isNaN(got) && Number.isNaN(value))) continue;
    if (Math.abs(got - value) <= tolerance * (1 + Math.abs(value))) continue;
    assert.fail(`value ${i} of [${expected.shape}] must be ${value}, got ${got}`);
  }
}
