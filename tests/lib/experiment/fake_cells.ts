/** Cells that need no training. */

import { fakeCell } from "../report/fake_results.ts";
import { type CellFile, planCell, type PlannedCell } from "../../../lib/experiment/mod.ts";
import { toJson } from "../../../lib/experiment/plan_cell.ts";

/** Names the data that fake cells are made of. */
export const DIGEST = "d".repeat(64);

/** Cells by their ids. */
export function fakeCells(
  count: number,
  { workers = 1 }: { workers?: number } = {},
): PlannedCell[] {
  return Array.from({ length: count }, (_, i) =>
    planCell({
      id: `baseline-seed-${i + 1}`,
      group: "baseline",
      options: { train: { seed: i + 1, workers, attack: "none" } },
    }));
}

/** What a cell comes to; its timing is another each time. */
export function fakeFile({ id, group, options, job }: PlannedCell): CellFile {
  const cleanError = (options.train.seed ?? 0) / 1000;
  return {
    ...fakeCell({ id, group, cleanError }),
    options: toJson(options),
    job,
    dataDigest: DIGEST,
    timing: {
      trainingSeconds: performance.now(),
      imagesPerSecond: 1000,
      seconds: performance.now(),
      engine: { backend: "compiled", workers: 1, v8Flags: [], deno: Deno.version.deno },
    },
  };
}
