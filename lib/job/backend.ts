/**
 * tfjs's wasm backend with the training kernels, and engines on it, for jobs.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { Engine } from "../engine/mod.ts";
import { createEngine, type EngineOptions } from "../engine/tfjs.ts";
import type { EngineDescription } from "../registry/mod.ts";
import { setKernelBuild } from "../wasm/mod.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Starts the backend, on the kernels that suit V8's flags; all models of this process are made on it.
 *
 * @throws {Error} If WebAssembly with SIMD cannot run here.
 */
export async function startBackend({ tiles, deno }: Runtime): Promise<void> {
  // Only before it runs: a program that trains twice starts it twice.
  if (tf.getBackend() !== "wasm") await setKernelBuild({ tiles });
  if (!await tf.setBackend("wasm")) {
    throw new Error(
      "Cannot start tfjs's wasm backend: this runtime must have WebAssembly with SIMD; " +
        `use Deno 2.5 or later, got ${deno}`,
    );
  }
}

/** Makes an engine, on the kernels that suit V8's flags. */
export function startEngine(
  model: tf.LayersModel,
  { tiles }: Runtime,
  options: Omit<EngineOptions, "tiles">,
): Promise<Engine> {
  return createEngine(model, { ...options, tiles });
}

/** What runs a training, for a manifest. */
export function describeEngine(
  { name, workers }: Engine,
  { v8Flags, deno }: Runtime,
): EngineDescription {
  return { backend: name, workers, v8Flags, deno };
}
