/**
 * Attacks on training sets.
 *
 * @module
 */

export type {
  Attack,
  AttackDefinition,
  AttackManifest,
  AttackMethod,
  AttackOptions,
  AttackTake,
  ImagePerturbation,
  MethodOptions,
  Perturb,
  PerturbationManifest,
  PoisonedGroup,
  PoisonedSet,
  PoisoningOptions,
  PoisoningPlan,
} from "./attack.ts";
export { carryOut } from "./carry_out.ts";
export { createAttack } from "./create_attack.ts";
export { attackDefinitions } from "./definitions.ts";
export { indicesWhere } from "./indices_where.ts";
export { type LabelRows, oneHot } from "./label_rows.ts";
export { materialise } from "./materialise.ts";
export { type Perturbation, poison, type PoisonOptions, type PoisonResult } from "./poison.ts";
export { type TriggeredImages, triggeredImages } from "./triggered_images.ts";
export { type StampedChunk, stampedChunks } from "./stamped_chunks.ts";
