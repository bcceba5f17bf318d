/**
 * Networks, and classification with them.
 *
 * @module
 */

export type { Architecture, ArchitectureOptions, DepthChoice } from "./architecture.ts";
export { createModel } from "./create_model.ts";
export { createGan, type Gan, type GanOptions, type LatentSpace, latentSpaceOf } from "./gan.ts";
export { architectures } from "./definitions.ts";
export { predict, type PredictOptions } from "./predict.ts";
export { SeededDropout } from "./seeded_dropout.ts";
export { Standardisation } from "./standardisation.ts";
