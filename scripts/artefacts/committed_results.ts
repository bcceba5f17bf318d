/**
 * The results of experiments that are committed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { readResults, resultsPath } from "../../lib/experiment/mod.ts";
import type { ExperimentName, ExperimentResults } from "../../lib/report/mod.ts";

const folder = fileURLToPath(new URL("../../results", import.meta.url));

/**
 * Reads an experiment's committed results.
 *
 * @throws {Error} If there are none.
 */
export async function committedResults(experiment: ExperimentName): Promise<ExperimentResults> {
  const results = await readResults(resultsPath(folder, experiment), experiment);
  if (results !== null) return results;
  throw new Error(
    `Cannot build from results: results/${experiment}.json must be there, got no such file`,
  );
}
