/**
 * Perturbations of images, by gradients that are injected.
 *
 * @module
 */

export {
  embed,
  type EmbedOptions,
  type Generator,
  interpolate,
  type InterpolationNumbers,
} from "./gan_interpolation.ts";
export { type Norm, norms } from "./norms.ts";
export type { GanPerturbation, PerturbationNumbers, PgdPerturbation } from "./numbers.ts";
export { pgd, type PgdNumbers, type PgdOptions } from "./pgd.ts";
