/**
 * Defences.
 *
 * @module
 */

export { countFound, type FilterFigures, type LossRanking, rankByLoss } from "./data_filter.ts";
export type { Cost, DefenceOptions } from "./defence.ts";
export * from "./input/mod.ts";
