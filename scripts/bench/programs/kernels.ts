/**
 * Times the module's kernels on one core, in a shared memory as the engine has it; seconds a call.
 *
 * @module
 */

import { compileKernels, instantiate } from "../../../lib/wasm/module.ts";
import { isTurbo } from "../../cli/turbo.ts";
import { createArena } from "../cases/arena.ts";
import { caseName } from "../cases/kernel_case.ts";
import { kernelCases } from "../cases/kernel_cases.ts";
import { answer, programOptions } from "../program.ts";
import { timeCalls } from "../time_calls.ts";

/** What the program is asked for. */
export interface TimingOptions {
  /** Images in a call. */
  readonly images: number;
  /** For each measurement, and as much before it. */
  readonly seconds: number;
  /** The cases whose names hold this; all where left out. */
  readonly only?: string;
}

const { images, seconds, only = "" } = programOptions<TimingOptions>();
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
const module = await compileKernels({
  tiles: isTurbo() ? "revectorized" : "portable",
  memory: "shared",
});
const kernels = instantiate(memory, { module });
const arena = createArena(memory);
const figures: Record<string, number> = {};
for (const kernelCase of kernelCases(images)) {
  const name = caseName(kernelCase);
  if (!name.includes(only)) continue;
  arena.clear();
  figures[name] = await timeCalls(kernelCase.prepare(kernels, arena), seconds);
}
answer(figures);
