/**
 * Defences of a model's inputs. They know nothing of engines and data sets, so that a server and a page
 * can have them.
 *
 * @module
 */

export { type CalibratedDefence, calibrateWithScores } from "./calibrate_with_scores.ts";
export { defineInputDefence, type InputMethod } from "./define_input_defence.ts";
export { inputDefences } from "./definitions.ts";
export type {
  Calibration,
  InputDefence,
  InputModel,
  InputScores,
  ModelNeed,
  ScalableLayers,
  ScoreOptions,
} from "./input_defence.ts";
export { has, type MeteredModel } from "./metered_model.ts";
export { type Profile, profileFromJson, profileToJson, type ProfileValues } from "./profile.ts";
export { thresholdAt } from "../../core/threshold_at.ts";
