/** Engines for tests, on the kernels that suit V8's flags. */

import type * as tf from "@tensorflow/tfjs";
import {
  type CompileOptions,
  createCompiledEngine,
  type Engine,
  type Optimizer,
} from "../../../lib/engine/mod.ts";
import { createTfjsEngine, networkOfModel } from "../../../lib/engine/tfjs.ts";
import { tiles } from "../../kernel_build.ts";

/** Makes a compiled engine for batches of up to 16: one thread and Adam unless said otherwise. */
export function compiled(
  model: tf.LayersModel,
  options: Partial<CompileOptions> = {},
): Promise<Engine> {
  return createCompiledEngine(networkOfModel(model), {
    batchSize: 16,
    workers: 1,
    optimizer: { kind: "adam" },
    tiles,
    ...options,
  });
}

/** A way to make an engine that trains by batches of up to 16. */
export interface EngineKind {
  readonly name: string;
  readonly create: (model: tf.LayersModel, optimizer?: Optimizer) => Promise<Engine>;
}

/** Both engines; the compiled one with one thread and with several. */
export const engineKinds: readonly EngineKind[] = [
  {
    name: "tfjs",
    create: (model, optimizer) => Promise.resolve(createTfjsEngine(model, optimizer)),
  },
  ...[1, 3].map((workers): EngineKind => ({
    name: `compiled for ${workers}`,
    create: (model, optimizer = { kind: "adam" }) => compiled(model, { workers, optimizer }),
  })),
];

/** Copies of all weights of a model, in tfjs's order. */
export function weightsOf(model: tf.LayersModel): Float32Array<ArrayBuffer>[] {
  return model.getWeights().map((weight) => new Float32Array(weight.dataSync<"float32">()));
}
