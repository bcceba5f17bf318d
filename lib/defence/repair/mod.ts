/**
 * Repairs of models.
 *
 * @module
 */

export { repairs } from "./definitions.ts";
export type {
  Repair,
  RepairableLayer,
  RepairableModel,
  RepairOptions,
  RepairRecord,
  RepairSubject,
} from "./repair.ts";
