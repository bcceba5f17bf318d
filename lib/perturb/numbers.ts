/**
 * Which perturbation, with all its numbers: what a job asks for and a manifest and a report tell.
 *
 * @module
 */

import type { InterpolationNumbers } from "./gan_interpolation.ts";
import type { PgdNumbers } from "./pgd.ts";

/** Projected gradient descent on a proxy model. */
export interface PgdPerturbation extends PgdNumbers {
  readonly kind: "pgd";
  /** How the proxy is trained: on images as they are, or on perturbed ones. */
  readonly proxy: "plain" | "adversarial";
}

/** Interpolation in the latent space of a generator. */
export interface GanPerturbation extends InterpolationNumbers {
  readonly kind: "gan";
  /** Values of a latent vector. */
  readonly latent: number;
  /** Of the generator's training. */
  readonly epochs: number;
}

/** What is done to clean-label's images before the trigger. */
export type PerturbationNumbers = { readonly kind: "none" } | PgdPerturbation | GanPerturbation;
