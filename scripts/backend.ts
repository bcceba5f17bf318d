/**
 * tfjs's wasm backend with the training kernels, for commands.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import { setKernelBuild } from "../lib/wasm/mod.ts";
import type { EngineDescription } from "../lib/registry/manifest.ts";
import { isTurbo, v8Flags } from "./turbo.ts";

/**
 * Starts the backend, on the kernels that suit V8's flags; all models of this process run on it.
 *
 * @returns What will run the training, for a manifest.
 * @throws {Error} If WebAssembly with SIMD cannot run here.
 */
export async function startBackend(): Promise<EngineDescription> {
  // Only before it runs: a command that trains twice starts it twice.
  if (isTurbo() && tf.getBackend() !== "wasm") await setKernelBuild({ tiles: "revectorized" });
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
