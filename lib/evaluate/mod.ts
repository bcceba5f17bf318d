/**
 * Evaluation of models and attacks.
 *
 * @module
 */

export type { AttackEvaluation, AttackPair, AttackRates } from "./attack.ts";
export type { CleanEvaluation } from "./clean.ts";
export type { Confusion } from "./confusion.ts";
export {
  DETECTION_RATES,
  type DetectionFigures,
  measureDetection,
  type OperatingPoint,
} from "./detection.ts";
export { evaluate, evaluateClean, type EvaluatedAttack, type Evaluation } from "./evaluate.ts";
export { countFlagged, type FlaggedFigures } from "./flagged_rows.ts";
export { formatEvaluation } from "./format_evaluation.ts";
export { type DrawOptions, drawRows, type Halves, HALVES_SEED, splitHalves } from "./halves.ts";
export { countVerdicts, type JudgedModel, type VerdictFigures } from "./model_verdicts.ts";
export type { Classifier } from "./predictions.ts";
export { defenceEffectiveness, type RepairFigures } from "./repair.ts";
export { auroc, rocCurve, type RocPoint, type TwoKinds } from "./roc.ts";
