/**
 * The training kernels as WebAssembly.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";
import type { Artefact } from "./artefact.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The module imports its memory and manages none; its inner loops take all optimisation there is. */
const options = [
  "lib/wasm/assembly/index.ts",
  "--outFile",
  "module.wasm",
  "--baseDir",
  root,
  "--importMemory",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--enable",
  "relaxed-simd",
  "-O3",
  "--noAssert",
];

/**
 * `lib/wasm/assembly`, compiled, as a TypeScript file that holds the module in base64: every
 * bundler and host takes it, and none has to fetch it.
 */
export const kernelModule: Artefact = {
  path: "lib/wasm/binary.ts",
  async build() {
    let binary: Uint8Array | undefined;
    const { error, stderr } = await compile(options, {
      writeFile: (_name: string, contents: Uint8Array | string) => {
        if (contents instanceof Uint8Array) binary = contents;
      },
    });
    if (error !== null || binary === undefined) {
      throw new Error(`Cannot compile lib/wasm/assembly: ${error?.message}\n${stderr}`);
    }
    return new TextEncoder().encode(
      "// Made of lib/wasm/assembly by `deno task build`; do not edit.\n" +
        "// deno-fmt-ignore-file\n" +
        `export const BINARY = "${binary.toBase64()}";\n`,
    );
  },
};
