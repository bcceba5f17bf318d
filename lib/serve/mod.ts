/**
 * What a server needs beside HTTP.
 *
 * @module
 */

export type { ModelInput } from "./fit_image.ts";
export { imageCost } from "./image_cost.ts";
export * from "./image_reader.ts";
export * from "./pool.ts";
