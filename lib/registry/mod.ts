/**
 * The model store. Nothing here loads tfjs; what tfjs needs of it is in `tfjs.ts`.
 *
 * @module
 */

export * from "./clean_twin.ts";
export * from "./fixture_source.ts";
export * from "./kv_store.ts";
export * from "./kv_values.ts";
export * from "./manifest.ts";
export * from "./model_address.ts";
export * from "./model_blob.ts";
export * from "./model_name.ts";
export * from "./network_shape.ts";
export * from "./open_kv.ts";
export * from "./overlay.ts";
export * from "./remember_list.ts";
export * from "./safetensors.ts";
export * from "./save_or_keep.ts";
export * from "./signature.ts";
export * from "./signed_source.ts";
export * from "./signing_key.ts";
export * from "./source.ts";
export * from "./steady_kv.ts";
export * from "./store.ts";
export * from "./verify_source.ts";
export * from "./with_older.ts";
