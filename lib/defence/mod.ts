/**
 * Defences.
 *
 * @module
 */

export {
  type Asks,
  type CalibratedKind,
  type CalibrationModel,
  type CleanFinding,
  describeKind,
  formatCalibration,
  type Null,
  nullOf,
  parseCalibration,
  type PopulationCalibration,
  requireKind,
} from "./calibration.ts";
export type { Cost, DefenceOptions } from "./defence.ts";
export * from "./input/mod.ts";
export { inputModelOf } from "./input_model.ts";
export * from "./model/mod.ts";
export {
  DEFAULT_RATE,
  LEAST_MODELS,
  type NullThreshold,
  pValue,
  thresholdOfNull,
} from "./null_threshold.ts";
export * from "./repair/mod.ts";
export * from "./rows/mod.ts";
