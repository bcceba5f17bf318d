/**
 * `deno task defend calibrate`: what defences say of clean models.
 *
 * @module
 */

import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { UsageError } from "../../lib/core/errors.ts";
import { formatCountOf } from "../../lib/core/format.ts";
import { writeAtomically } from "../../lib/core/write_atomically.ts";
import {
  describeKind,
  formatCalibration,
  modelDefences,
  parseCalibration,
  type PopulationCalibration,
  requireKind,
  rowDefences,
} from "../../lib/defence/mod.ts";
import { calibratePopulation, resolveJob, spellFlag, type TrainingJob } from "../../lib/job/mod.ts";
import type { CommandResult } from "../cli/cli.ts";
import { requireFilePlace } from "../cli/require_place.ts";
import { type Room } from "./room.ts";

/** Flags of `defend calibrate`. */
export interface CalibrateFlags {
  readonly out: string;
  readonly dataset?: string;
  readonly model?: string;
  readonly depth?: number;
  readonly epochs?: number;
  readonly limit?: number;
  readonly models: number;
  readonly firstSeed: number;
  readonly clean: number;
  readonly rows?: boolean;
}

/**
 * Trains clean models and lets all defences inspect them. After each of them the file is written anew, and
 * a run that finds a file goes on with it.
 *
 * @throws {UsageError} If the file is of another kind of models.
 */
export async function defendCalibrate(
  { out, models, firstSeed, clean, rows = true, ...flags }: CalibrateFlags,
  { context, workers }: Room,
): Promise<CommandResult> {
  const { dataset, model, depth, epochs, limit } = flags;
  const job = resolveJob({
    ...{ dataset, model, depth, epochs, limit, workers, attack: "none", seed: firstSeed },
  }, { workers: context.runtime.workers, spell: spellFlag });
  await requireFilePlace(out, { isNew: false });
  const found = await readFound(out, { job, clean });
  const calibration = await calibratePopulation({
    ...{ job, models, cleanImages: clean, modelDefences, found },
    rowDefences: rows ? rowDefences.filter(({ needs }) => !needs.includes("training")) : [],
    onModel: (calibration) =>
      writeAtomically(out, new TextEncoder().encode(formatCalibration(calibration))),
  }, context);
  return {
    json: { out, ...calibration },
    text: `${formatCountOf(calibration.models.length, "clean model")} of ` +
      `${describeKind(calibration.kind)}, in ${out}`,
  };
}

/** What an earlier run has left; `null` for nothing. */
async function readFound(
  out: string,
  { job, clean }: { readonly job: TrainingJob; readonly clean: number },
): Promise<PopulationCalibration | null> {
  const text = await absentAsNull(Deno.readTextFile(out));
  if (text === null) return null;
  const found = parseCalibration(text, out);
  requireKind(found, {
    architecture: job.model,
    dataset: job.dataset,
    depth: job.depth ?? null,
  });
  const { epochs } = found.training;
  if (found.cleanImages !== clean || epochs !== (job.epochs ?? epochs)) {
    throw new UsageError(
      `Cannot go on with ${out}: it must be of ${clean} clean images and ${job.epochs ?? epochs} ` +
        `epochs, got ${found.cleanImages} and ${epochs}; choose another file by --out`,
    );
  }
  return found;
}
