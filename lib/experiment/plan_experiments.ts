/**
 * Which models of which experiments are trained.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import { asItIs, type ResolveOptions } from "../job/mod.ts";
import type { ExperimentResults } from "../report/mod.ts";
import type { Experiment, ExperimentOptions } from "./cell.ts";
import { planCell, type PlannedCell } from "./plan_cell.ts";

/** What is to be done of an experiment. */
export interface ExperimentPlan {
  readonly experiment: Experiment;
  readonly cells: readonly PlannedCell[];
  /** Those of them that are to be trained; at least one. */
  readonly wanted: readonly PlannedCell[];
  /** Asked for in the place of the experiment's own grid. */
  readonly grid: ExperimentResults["grid"];
  readonly quick: boolean;
}

/** How much of some experiments is wanted. */
export interface PlanOptions extends Partial<ExperimentOptions>, Pick<ResolveOptions, "spell"> {
  /** Parts of the names of the models that are wanted; all if left out. */
  readonly only?: readonly string[];
}

/**
 * Plans experiments, so that what cannot be done is refused before hours of work.
 *
 * @returns The plans of those that have a model that is wanted.
 * @throws {UsageError} If options do not go together, or name no model.
 */
export function planExperiments(
  chosen: readonly Experiment[],
  { quick = false, only = [""], classes, percentages, spell = asItIs }: PlanOptions,
): ExperimentPlan[] {
  const hasGrid = classes !== undefined || percentages !== undefined;
  if (hasGrid && (quick || !chosen.some(({ hasOpenGrid }) => hasOpenGrid))) {
    throw new UsageError(
      `Cannot reproduce: ${spell("classes")} and ${spell("percentages")} cannot be combined with ` +
        `${
          quick ? spell("quick") : chosen[0]?.name
        }, whose models are fixed; leave one or the other out`,
    );
  }
  const plans = chosen.map((experiment): ExperimentPlan => {
    const grid = hasGrid && experiment.hasOpenGrid
      ? { ...classes && { classes }, ...percentages && { percentages } }
      : undefined;
    const cells = experiment.cells({ quick, ...grid }).map(planCell);
    const wanted = cells.filter(({ id }) => only.some((text) => id.includes(text)));
    return { experiment, cells, wanted, grid, quick };
  });
  const ids = plans.flatMap(({ cells }) => cells.map(({ id }) => id));
  const stray = only.find((text) => !ids.some((id) => id.includes(text)));
  if (stray !== undefined) {
    throw new UsageError(
      `Cannot reproduce: no model's name contains "${stray}" (${spell("only")}); the first is ` +
        `${ids[0]}`,
    );
  }
  return plans.filter(({ wanted }) => wanted.length > 0);
}
