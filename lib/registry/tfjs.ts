/**
 * The model store as tfjs speaks to it: models saved, loaded and described, and `kv://`.
 *
 * @module
 */

export * from "./artifacts.ts";
export * from "./describe_model.ts";
export * from "./kv_scheme.ts";
export * from "./load_model.ts";
export * from "./save_model.ts";
