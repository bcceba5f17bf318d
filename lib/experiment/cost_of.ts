/**
 * What a cell costs, about.
 *
 * @module
 */

import { architectures } from "../model/mod.ts";
import type { PlannedCell } from "./plan_cell.ts";

/** Images that a cell trains on if nothing limits it: those of MNIST and CIFAR-10, about. */
const IMAGES = 60_000;

/**
 * Seconds that one core takes to train on a thousand images, about, and for each unit of depth if
 * a network has that: only the progress display needs them.
 */
const COST: Readonly<Record<string, number>> = { badnets: 0.07, article: 0.25, resnet: 0.18 };

/** Processor seconds that a cell will take for its first attempt, about, but for perturbations. */
export function costOf(
  { job: { limit = IMAGES, model, depth: asked, epochs } }: PlannedCell,
): number {
  const depth = asked ?? architectures.find(({ name }) => name === model)?.depth?.default ?? 1;
  return Math.min(limit, IMAGES) / 1000 * epochs * (COST[model] ?? 1) * depth;
}
