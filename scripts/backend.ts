/**
 * tfjs's wasm backend with the training kernels, and engines on it, for commands.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import { createEngine, type Engine, type EngineOptions } from "../lib/engine/mod.ts";
import type { EngineDescription } from "../lib/registry/manifest.ts";
import { setKernelBuild } from "../lib/wasm/mod.ts";
import { isTurbo, v8Flags } from "./cli/turbo.ts";

/** The tiles that suit V8's flags. */
function tiles(): "portable" | "revectorized" {
  return isTurbo() ? "revectorized" : "portable";
}

/**
 * Starts the backend, on the kernels that suit V8's flags; all models of this process are made on it.
 *
 * @throws {Error} If WebAssembly with SIMD cannot run here.
 */
export async function startBackend(): Promise<void> {
  // Only before it runs: a command that trains twice starts it twice.
  if (tf.getBackend() !== "wasm") await setKernelBuild({ tiles: tiles() });
  if (!await tf.setBackend("wasm")) {
    throw new Error(
      "Cannot start tfjs's wasm backend: this runtime must have WebAssembly with SIMD; " +
        `use Deno 2.5 or later, got ${Deno.version.deno}`,
    );
  }
}

/** Makes an engine, on the kernels that suit V8's flags. */
export function startEngine(
  model: tf.LayersModel,
  options: Omit<EngineOptions, "tiles">,
): Promise<Engine> {
  return createEngine(model, { ...options, tiles: tiles() });
}

/** What runs a training, for a manifest. */
export function describeEngine({ name, workers }: Engine): EngineDescription {
  return { backend: name, workers, v8Flags: v8Flags(), deno: Deno.version.deno };
}
