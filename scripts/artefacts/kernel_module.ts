/**
 * The training kernels as WebAssembly.
 *
 * @module
 */

import type { Artefact } from "./artefact.ts";
import { assemblyModule } from "./assembly_module.ts";

/**
 * The module imports its memory. Of a memory that may have no page at all, V8 checks at each load and
 * store whether it holds the access's own bytes, besides where it lies: the products take a third
 * longer.
 */
const options = ["--importMemory", "--initialMemory", "1", "--enable", "relaxed-simd"];

/** Columns of the register tile (`assembly/tile.ts`). */
const tiles = { portable: 8, revectorized: 16 };

/** A shared memory must be declared as such, with the most pages that it may have. */
const sharedMemory = ["--enable", "threads", "--sharedMemory", "--maximumMemory", "65536"];

/** `lib/wasm/assembly`, compiled for each shape of the tile and each kind of memory. */
export const kernelModules: readonly Artefact[] = Object.entries(tiles).flatMap(
  ([name, columns]) => {
    const folder = "lib/wasm/assembly";
    const own = [...options, "--use", `TILE_COLUMNS=${columns}`];
    return [
      assemblyModule(`lib/wasm/binaries/${name}.ts`, { folder, options: own }),
      assemblyModule(`lib/wasm/binaries/${name}_shared.ts`, {
        folder,
        options: [...own, ...sharedMemory],
      }),
    ];
  },
);
