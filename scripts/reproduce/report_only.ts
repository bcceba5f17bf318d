/**
 * `reproduce --report-only`: reports from the results that are there.
 *
 * @module
 */

import { join } from "node:path";
import { UsageError } from "../../lib/core/errors.ts";
import { readResults, resultsPath, writeReport } from "../../lib/experiment/mod.ts";
import { spellFlag } from "../../lib/job/mod.ts";
import { requireFolder } from "../cli/require_place.ts";
import type { ExperimentName, ExperimentResults } from "../../lib/report/mod.ts";
import type { Outcome } from "./outcome.ts";

/** Options that say what is trained and how. */
const TRAINING = ["only", "classes", "percentages", "workers", "turbo", "dataDir", "from"] as const;

/** The options of `reproduce` that matter here. */
export type ReportOptions =
  & { readonly quick?: boolean; readonly results: string }
  & { readonly [Name in typeof TRAINING[number]]?: unknown };

/**
 * Makes the reports on some experiments from their results' JSON, which stays as it is. Nothing is
 * trained, and no data set is read.
 *
 * @throws {UsageError} If an option says what to train; if none of the experiments has results, or
 * the one that was named.
 */
export async function reportOnly(
  names: readonly ExperimentName[],
  options: ReportOptions,
): Promise<Outcome[]> {
  const idle = TRAINING.filter((option) => options[option] !== undefined).map(spellFlag);
  if (idle.length > 0) {
    throw new UsageError(
      `Cannot reproduce: --report-only, which trains nothing, cannot be combined with ${
        idle.join(", ")
      }; leave one or the other out`,
    );
  }
  const folder = options.quick ? join(options.results, "quick") : options.results;
  const found: ExperimentResults[] = [];
  for (const name of names) {
    const results = await readResults(resultsPath(folder, name), name);
    if (results !== null) found.push(results);
  }
  if (found.length === 0) {
    throw new UsageError(
      `Cannot report: ${folder} must have results, got no ${
        names.map((name) => `${name}.json`).join(" or ")
      }; run reproduce without --report-only first, or correct --results`,
    );
  }
  await requireFolder(folder, "--results");
  const soon = found.map(({ experiment }) => experiment);
  const outcomes: Outcome[] = [];
  for (const results of found) {
    const written = await writeReport(folder, results, { soon });
    const json = resultsPath(folder, results.experiment);
    outcomes.push({ ...written, json, failed: [], trained: null });
  }
  return outcomes;
}
