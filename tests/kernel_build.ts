/**
 * Loaded before each test file: under `--turbo`'s flags, tests run on the build of the kernels that
 * `--turbo` runs on.
 */

import { isTurbo } from "../scripts/cli/turbo.ts";

/** For engines, which are told their build one by one. */
export const tiles = isTurbo() ? "revectorized" : "portable";

if (isTurbo()) {
  // Not lib/wasm/mod.ts, which registers the kernels: some tests look at what is there before.
  const { setKernelBuild } = await import("../lib/wasm/heap.ts");
  await setKernelBuild({ tiles });
}
