/**
 * Defences of models.
 *
 * @module
 */

export { modelDefences } from "./definitions.ts";
export type { ModelDefence, ModelFinding, ModelSubject, SuspectModel } from "./model_defence.ts";
export { anomalyIndices } from "./outlier.ts";
export { type ReversedTrigger, stampReversed } from "./reversed_trigger.ts";
