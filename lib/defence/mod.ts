/**
 * Defences.
 *
 * @module
 */

export { countFound, type FilterFigures, type LossRanking, rankByLoss } from "./data_filter.ts";
