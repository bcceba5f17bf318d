/**
 * What a server needs beside HTTP.
 *
 * @module
 */

export type { ProblemReporter } from "./catalogue.ts";
export type { ModelInput } from "./fit_image.ts";
export * from "./image_reader.ts";
export * from "./life.ts";
export * from "./log.ts";
export * from "./places.ts";
export * from "./pool.ts";
export * from "./settings.ts";
export * from "./span.ts";
