/**
 * The engine that compiles a network: what trains and runs it. Nothing here loads tfjs; what makes
 * engines of tfjs models is in `tfjs.ts`.
 *
 * @module
 */

export type { Alteration, ChannelChange, InferenceDropout } from "./alteration.ts";
export { type CompileOptions, createCompiledEngine } from "./compiled_engine.ts";
export type {
  Engine,
  EngineLayer,
  GradientOfLogits,
  InferenceOptions,
  StepOptions,
} from "./engine.ts";
export { headOf, reinitialise } from "./layers.ts";
export { type LogitsLoss, towardsTargets } from "./losses.ts";
export { type Network, UnsupportedModelError } from "./network.ts";
export type { Optimizer } from "./optimizer.ts";
export type { Sharpness } from "./sharpness.ts";
export { networkOfTopology, type StoredWeight } from "./topology_network.ts";
