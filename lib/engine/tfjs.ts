/**
 * Engines for tfjs models.
 *
 * @module
 */

export { createEngine, type EngineOptions } from "./create_engine.ts";
export { networkOfModel } from "./model_network.ts";
export { createTfjsEngine } from "./tfjs_engine.ts";
