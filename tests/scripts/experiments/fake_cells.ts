/** Cells that need no training. */

import { fakeCell } from "../../lib/report/fake_results.ts";
import type { Cell, CellFile } from "../../../scripts/experiments/mod.ts";
import { resolvedJob, toJson } from "../../../scripts/experiments/resolved_job.ts";

/** Names the data that fake cells are made of. */
export const DIGEST = "d".repeat(64);

/** Cells by their ids. */
export function fakeCells(count: number, { workers = 1 }: { workers?: number } = {}): Cell[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `baseline-seed-${i + 1}`,
    group: "baseline",
    options: { train: { seed: i + 1, workers, attack: "none" } },
  }));
}

/** What a cell comes to; its timing is another each time. */
export function fakeFile({ id, group, options }: Cell): CellFile {
  const cleanError = (options.train.seed ?? 0) / 1000;
  return {
    ...fakeCell({ id, group, cleanError }),
    options: toJson(options),
    job: resolvedJob(options),
    dataDigest: DIGEST,
    timing: {
      trainingSeconds: performance.now(),
      imagesPerSecond: 1000,
      seconds: performance.now(),
      engine: { backend: "compiled", workers: 1, v8Flags: [], deno: Deno.version.deno },
    },
  };
}
