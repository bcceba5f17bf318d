/**
 * Attacks on training sets.
 *
 * @module
 */

export { allToAll } from "./all_to_all.ts";
export type {
  Attack,
  AttackDefinition,
  AttackKind,
  AttackManifest,
  AttackOptions,
  ImagePerturbation,
  Perturb,
  PerturbationManifest,
  PoisonedSet,
  PoisoningOptions,
} from "./attack.ts";
export { cleanLabel } from "./clean_label.ts";
export { createAttack } from "./create_attack.ts";
export { attackDefinitions } from "./definitions.ts";
export { indicesWhere } from "./indices_where.ts";
export { type LabelRows, oneHot } from "./label_rows.ts";
export { materialise } from "./materialise.ts";
export { none } from "./none.ts";
export { type Perturbation, poison, type PoisonOptions, type PoisonResult } from "./poison.ts";
export { singleTarget } from "./single_target.ts";
export { type StampedChunk, stampedChunks } from "./stamped_chunks.ts";
