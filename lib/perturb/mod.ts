/**
 * Perturbations of images, by gradients that are injected.
 *
 * @module
 */

export { type Norm, norms } from "./norms.ts";
export { pgd, type PgdNumbers, type PgdOptions } from "./pgd.ts";
