/**
 * The choice of an engine.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import type { KernelBuild } from "../wasm/mod.ts";
import { createCompiledEngine } from "./compiled_engine.ts";
import type { Engine } from "./engine.ts";
import { networkOfModel } from "./model_network.ts";
import { UnsupportedModelError } from "./network.ts";
import type { Optimizer } from "./optimizer.ts";
import { createTfjsEngine } from "./tfjs_engine.ts";

/** What an engine is wanted for. */
export interface EngineOptions {
  /** Most images of a step, and images that are classified at a time; 128 unless given. */
  readonly batchSize?: number;
  /** Threads, from 1; 1 unless given. */
  readonly workers?: number;
  /** How weights follow their gradients; left out for an engine that only classifies. */
  readonly optimizer?: Optimizer;
  /**
   * Layers that are not trained; none unless given. A batch normalisation among them goes by its averages
   * in training too, and those stay.
   */
  readonly frozen?: readonly string[];
  /** The tiles of the kernels' build; `"portable"` unless given. */
  readonly tiles?: KernelBuild["tiles"];
  /** Told why, where the model cannot be compiled. */
  readonly onFallback?: (reason: string) => void;
}

/**
 * Makes an engine for a model: the compiled one, or tfjs where the model has something in it that
 * cannot be compiled.
 *
 * @param model Its weights are the engine's until it is disposed of.
 * @throws {RangeError} If the batch or the number of workers is out of range, or a layer cannot be frozen.
 */
export async function createEngine(
  model: tf.LayersModel,
  options: EngineOptions = {},
): Promise<Engine> {
  const { batchSize = 128, workers = 1, optimizer = null, frozen, tiles, onFallback } = options;
  for (const [name, value] of Object.entries({ batchSize, workers })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot make an engine: ${name} must be an integer from 1, got ${value}`,
      );
    }
  }
  try {
    return await createCompiledEngine(networkOfModel(model), {
      batchSize,
      workers,
      optimizer,
      frozen,
      tiles,
    });
  } catch (error) {
    if (!(error instanceof UnsupportedModelError)) throw error;
    onFallback?.(error.message);
    return createTfjsEngine(model, optimizer ?? undefined, { frozen });
  }
}
