/**
 * Defences.
 *
 * @module
 */

export {
  countFound,
  type FilterFigures,
  type LossRanking,
  poisonedRanks,
  rankByLoss,
} from "./data_filter.ts";
