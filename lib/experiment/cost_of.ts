/**
 * What a cell costs, about.
 *
 * @module
 */

import { architectures } from "../model/mod.ts";
import type { PlannedCell } from "./plan_cell.ts";

/** Images that a cell trains on if nothing limits it: those of MNIST and CIFAR-10, about. */
const IMAGES = 60_000;

/** Processor seconds that a cell will take for its first attempt, about, but for perturbations. */
export function costOf(
  { job: { limit = IMAGES, model, depth: asked, epochs } }: PlannedCell,
): number {
  const network = architectures.find(({ name }) => name === model);
  const depth = asked ?? network?.depth?.default ?? 1;
  return Math.min(limit, IMAGES) / 1000 * epochs * (network?.cost ?? 1) * depth;
}
