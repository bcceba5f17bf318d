/** The kernels on shared memory, for tests of the engine's parts. */

import { compileKernels } from "../../../lib/wasm/module.ts";
import { tiles } from "../../kernel_build.ts";

export const sharedKernels = await compileKernels({ tiles, memory: "shared" });
