/**
 * The arithmetic of images as WebAssembly.
 *
 * @module
 */

import { assemblyModule } from "./assembly_module.ts";

/** `lib/image/assembly`, which has memory of its own. */
export const imageModule = assemblyModule("lib/image/binaries/image.ts", {
  folder: "lib/image/assembly",
  options: ["--initialMemory", "1"],
});
