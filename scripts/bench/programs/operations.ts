/**
 * Times tfjs's operations on its wasm backend, with the drop-in kernels of `lib/wasm` or without;
 * seconds a call. What the backend has no kernel for has no figure.
 *
 * @module
 */

import * as tf from "../../../lib/core/tfjs.ts";
import "@tensorflow/tfjs-backend-wasm";
import { caseName } from "../cases/kernel_case.ts";
import { operationCases } from "../cases/operation_cases.ts";
import { commandRuntime } from "../../cli/runtime.ts";
import { answer, programOptions } from "../program.ts";
import { timeCalls } from "../time_calls.ts";
import type { TimingOptions } from "./kernels.ts";

/** What the program is asked for. */
export interface OperationOptions extends TimingOptions {
  /** Whether to run on the backend as it comes. */
  readonly stock: boolean;
}

const { images, seconds, only = "", stock } = programOptions<OperationOptions>();
// Not imported above: from its import on, the backend is no longer what it was.
if (stock) await tf.setBackend("wasm");
else {
  const { startBackend } = await import("../../../lib/job/mod.ts");
  await startBackend(commandRuntime());
}
const figures: Record<string, number> = {};
for (const { prepare, ...names } of operationCases(images)) {
  const name = caseName(names);
  if (!name.includes(only)) continue;
  tf.engine().startScope();
  try {
    const call = prepare();
    figures[name] = await timeCalls(() => call().dispose(), seconds);
  } catch (error) {
    if (!(stock && error instanceof Error && /not registered/.test(error.message))) throw error;
  } finally {
    tf.engine().endScope();
  }
}
answer(figures);
