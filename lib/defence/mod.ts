/**
 * Defences.
 *
 * @module
 */

export type { Cost, DefenceOptions } from "./defence.ts";
export * from "./input/mod.ts";
export * from "./rows/mod.ts";
