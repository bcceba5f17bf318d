/**
 * Jobs: from a request in plain JSON to a trained model.
 *
 * @module
 */

export { startBackend } from "./backend.ts";
export { type BundledModel, bundleModel, requireTrained } from "./bundle_model.ts";
export { type CompleteJob, completeJob, jobDigest, REVISION } from "./complete_job.ts";
export type { JobContext, Remember } from "./context.ts";
export { datasetDigests } from "./dataset_digests.ts";
export * as defaults from "./defaults.ts";
export { calibratePopulation, type CalibrationOptions, ROW_RATE } from "./defend/calibrate.ts";
export {
  describeInputVerdict,
  describeModelVerdict,
  describeRowVerdict,
  describeTogether,
  nameClass,
} from "./defend/describe_verdict.ts";
export {
  inspectModel,
  judgeModel,
  type ModelVerdict,
  type TimedFinding,
} from "./defend/inspect_model.ts";
export { type InputVerdict, screenInput } from "./defend/screen_input.ts";
export {
  checkRows,
  judgeRows,
  type RowTruth,
  type RowVerdict,
  scoreRows,
  type TimedScores,
} from "./defend/screen_rows.ts";
export {
  DEFAULT_CLEAN,
  type DefenderData,
  loadDefenderData,
  openSuspect,
  type Suspect,
} from "./defend/suspect.ts";
export {
  rowsOfDataset,
  rowsOfFile,
  rowsOfModel,
  rowsOfSet,
  type TrainingRows,
} from "./defend/training_rows.ts";
export {
  describeAttack,
  describeMetrics,
  describePerturbation,
  describeTraining,
} from "./describe_manifest.ts";
export { attackOfModel, evaluateLoadedModel, evaluateModel, metricsOf } from "./evaluate_model.ts";
export { evaluateStored, requireDataset, type StoredEvaluation } from "./evaluate_stored.ts";
export type { JobEvent, OnEvent } from "./events.ts";
export {
  type DataJob,
  type NamedTrainingJob,
  type NetworkJob,
  networkOf,
  type TrainingJob,
} from "./job.ts";
export { argumentsOf, spellFlag } from "./job_name.ts";
export { rememberPerturbed } from "./perturbation/remember_perturbed.ts";
export { recipeOf } from "./recipe_of.ts";
export type {
  AttackRequest,
  Augment,
  DataRequest,
  PerturbationRequest,
  TrainRequest,
  TriggerRequest,
} from "./request.ts";
export { resolveAttack } from "./resolve_attack.ts";
export { resolveData } from "./resolve_data.ts";
export { resolveJob, resolveNamedJob } from "./resolve_job.ts";
export { asItIs, type ResolveOptions } from "./resolve_options.ts";
export { resolveTrigger, triggerField } from "./resolve_trigger.ts";
export { runTraining, type TrainedDescription, type TrainingRun } from "./run_training.ts";
export type { Runtime } from "./runtime.ts";
export { type TrainedModel, trainModel } from "./train_model.ts";
export { loadTrainingData, type TrainingData } from "./training_data.ts";
