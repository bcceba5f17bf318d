/**
 * Defences of training sets.
 *
 * @module
 */

export { reduceFeatures } from "./activation_clustering.ts";
export { type ClusterReport, reportRelativeSize, reportSmaller } from "./cluster_reports.ts";
export { subjectHas } from "./define_row_defence.ts";
export { rowDefences } from "./definitions.ts";
export { lossesInTraining } from "./losses_in_training.ts";
export { countFound, type FilterFigures, type LossRanking, rankByLoss } from "./loss_ranking.ts";
export type {
  LossesInTraining,
  LossHistory,
  RowDefence,
  RowNeed,
  Rows,
  RowScores,
  RowSubject,
} from "./row_defence.ts";
export { rowsOfImages } from "./rows.ts";
export { removalCutoff, spectralScores, type SpectralVariant } from "./spectral_signatures.ts";
