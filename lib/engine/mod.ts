/**
 * Engines: what trains and runs a model.
 *
 * @module
 */

export { type CompileOptions, createCompiledEngine } from "./compiled_engine.ts";
export { createEngine, type EngineOptions } from "./create_engine.ts";
export type { Engine } from "./engine.ts";
export { networkOfModel } from "./model_network.ts";
export { type Network, UnsupportedModelError } from "./network.ts";
export type { Optimizer } from "./optimizer.ts";
export { createTfjsEngine } from "./tfjs_engine.ts";
