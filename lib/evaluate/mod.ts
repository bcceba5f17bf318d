/**
 * Evaluation of models and attacks.
 *
 * @module
 */

export type { AttackEvaluation, AttackPair, AttackRates } from "./attack.ts";
export type { CleanEvaluation } from "./clean.ts";
export type { Confusion } from "./confusion.ts";
export { evaluate, evaluateClean, type EvaluatedAttack, type Evaluation } from "./evaluate.ts";
export { formatEvaluation } from "./format_evaluation.ts";
export { type Classifier, predictedLabels } from "./predictions.ts";
