/**
 * Evaluation of models and attacks.
 *
 * @module
 */

export {
  type AttackEvaluation,
  type Classifier,
  type CleanEvaluation,
  evaluateAttack,
  evaluateClean,
  type EvaluatedAttack,
  predictedLabels,
} from "./evaluate.ts";
