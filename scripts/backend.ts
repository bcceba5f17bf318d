/**
 * tfjs's wasm backend with the training kernels, for commands.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import "../lib/wasm/mod.ts";
import type { EngineDescription } from "../lib/registry/manifest.ts";
import { v8Flags } from "./turbo.ts";

/**
 * Starts the backend; all models of this process run on it.
 *
 * @returns What will run the training, for a manifest.
 * @throws {Error} If WebAssembly with SIMD cannot run here.
 */
export async function startBackend(): Promise<EngineDescription> {
  if (!await tf.setBackend("wasm")) {
    throw new Error(
      "Cannot start tfjs's wasm backend: this runtime must have WebAssembly with SIMD; " +
        `use Deno 2.5 or later, got ${Deno.version.deno}`,
    );
  }
  return {
    backend: "tfjs-wasm",
    workers: 1,
    v8Flags: v8Flags(),
    deno: Deno.version.deno,
  };
}
