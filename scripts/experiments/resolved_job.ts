/**
 * What a cell's flags come to.
 *
 * @module
 */

import type { Json } from "../../lib/core/types.ts";
import type { CellJob } from "../../lib/report/mod.ts";
import { recipeOf } from "../train_network.ts";
import { REVISION } from "../training_data.ts";
import { trainingJob } from "../options/train_options.ts";
import type { CellOptions } from "./cell.ts";

/**
 * The training job of a cell, before its ladder, and those whose sets it ranks: every number, also
 * where no flag gives it.
 */
export function resolvedJob({ train, ranked }: CellOptions): CellJob {
  const job = trainingJob(train);
  const { epochs, batchSize, augmentation } = recipeOf(job);
  const resolved: CellJob = {
    ...job,
    ...{ epochs, batchSize, augmentation, revision: REVISION },
    ...ranked && {
      ranked: Object.values(ranked.sets).map((train) => resolvedJob({ train })),
    },
  };
  return toJson(resolved) as unknown as CellJob;
}

/** Plain JSON: what is `undefined` is left out. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}
