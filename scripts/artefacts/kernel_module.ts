/**
 * The training kernels as WebAssembly.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";
import type { Artefact } from "./artefact.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The module imports its memory and manages none; its inner loops take all optimisation there is. Of
 * a memory that may have no page at all, V8 checks at each load and store whether it holds the
 * access's own bytes, besides where it lies: the products take a third longer.
 */
const options = [
  "lib/wasm/assembly/index.ts",
  "--outFile",
  "module.wasm",
  "--baseDir",
  root,
  "--importMemory",
  "--initialMemory",
  "1",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--enable",
  "relaxed-simd",
  "-O3",
  "--noAssert",
];

/** Columns of the register tile (`assembly/tile.ts`). */
const tiles = { portable: 8, revectorized: 16 };

/** A shared memory must be declared as such, with the most pages that it may have. */
const sharedMemory = ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"];

async function build(extraOptions: readonly string[]): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const { error, stderr } = await compile([...options, ...extraOptions], {
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
}

/**
 * `lib/wasm/assembly`, compiled for each shape of the tile and each kind of memory, as TypeScript
 * files that hold a module each in base64: every bundler and host takes them, and none has to fetch
 * them.
 */
export const kernelModules: readonly Artefact[] = Object.entries(tiles).flatMap(
  ([name, columns]) => {
    const tile = ["--use", `TILE_COLUMNS=${columns}`];
    return [
      { path: `lib/wasm/binaries/${name}.ts`, build: () => build(tile) },
      {
        path: `lib/wasm/binaries/${name}_shared.ts`,
        build: () => build([...tile, ...sharedMemory]),
      },
    ];
  },
);
