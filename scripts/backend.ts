/**
 * tfjs's wasm backend with the training kernels, for commands.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import "../lib/wasm/mod.ts";
import type { EngineDescription } from "../lib/registry/manifest.ts";

/**
 * Starts the backend; all models of this process run on it.
 *
 * @returns What will run the training, for a manifest. Of V8's flags, those in `DENO_V8_FLAGS`: a
 * program cannot see those of its command line.
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
    v8Flags: Deno.env.get("DENO_V8_FLAGS")?.split(",").filter(Boolean) ?? [],
    deno: Deno.version.deno,
  };
}
