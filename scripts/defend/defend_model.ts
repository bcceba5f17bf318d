/**
 * `deno task defend model`: is a model backdoored?
 *
 * @module
 */

import type { Image } from "../../lib/core/types.ts";
import { modelDefences, type PopulationCalibration } from "../../lib/defence/mod.ts";
import {
  describeModelVerdict,
  describeTogether,
  inspectModel,
  judgeModel,
  loadDefenderData,
  type ModelVerdict,
  openSuspect,
} from "../../lib/job/mod.ts";
import { parseAddress } from "../../lib/registry/mod.ts";
import type { CommandResult } from "../cli/cli.ts";
import { drawBars, drawHistogram, drawTrigger, writePictures } from "./pictures.ts";
import { kindOf, readCalibration } from "./read_calibration.ts";
import { chooseMethods, datasetOf, type MethodFlags, type Room } from "./room.ts";

/** Flags of `defend model`. */
export interface ModelFlags extends MethodFlags {
  readonly rate: number;
  readonly calibration?: string;
  readonly out?: string;
}

/**
 * Inspects a model by each method that is asked for. What the manifest says of an attack is not looked
 * at: thresholds are from clean models of the same network and data set.
 *
 * @throws {NotFoundError} If there is no such model, or no calibration for it.
 * @throws {UsageError} If the calibration is of another kind, or no data set is known.
 */
export async function defendModel(
  which: string,
  { method, clean: count, dataset, rate, calibration: file, out }: ModelFlags,
  { models, require, seed, workers, context }: Room,
): Promise<CommandResult> {
  const manifest = await require(parseAddress(which), "judge");
  const data = datasetOf(manifest, dataset);
  const calibration = await readCalibration(kindOf(manifest, data), file);
  const defences = chooseMethods(modelDefences, { method, context, isSuited: () => true });
  const isLookedAt = defences.some(({ cleanImages }) => cleanImages > 0);
  const clean = isLookedAt
    ? (await loadDefenderData(data, { clean: count, seed }, context)).clean.images
    : null;
  using suspect = await openSuspect(models, { manifest, workers }, context);
  const verdicts: ModelVerdict[] = [];
  for (const defence of defences) {
    const shape = manifest.input;
    const finding = await inspectModel(suspect.engine, defence, { shape, clean, seed, context });
    verdicts.push(judgeModel(finding, calibration, {
      sha256: manifest.weights.sha256,
      cleanImages: defence.cleanImages > 0 ? count : 0,
      rate,
    }));
  }
  const pictures = out === undefined
    ? []
    : await writePictures(out, picturesOf(verdicts, calibration));
  const { name, version, labels } = manifest;
  const suspicious = verdicts.some((verdict) => verdict.suspicious);
  return {
    json: {
      ...{ model: name, version, dataset: data, clean: count, seed, suspicious },
      verdicts: verdicts.map(toJson),
      pictures,
    },
    text: [
      `${name}, version ${version}: ${suspicious ? "suspicious" : "no sign of a backdoor"}`,
      "",
      ...verdicts.map((verdict) => describeModelVerdict(verdict, labels)),
      ...verdicts.length > 1
        ? [describeTogether(verdicts.map(({ null: found }) => found.falseAlarmRate), "models")]
        : [],
      ...pictures.length === 0 ? [] : ["", `pictures: ${pictures.join(", ")}`],
    ].join("\n"),
  };
}

function toJson({ title: _title, null: found, cost, trigger, ...verdict }: ModelVerdict): object {
  const { models, ...threshold } = found;
  return {
    ...verdict,
    ...threshold,
    cleanModels: models,
    trigger: trigger === null ? null : {
      target: trigger.target,
      attackSuccess: trigger.attackSuccess,
      norm: trigger.mask.reduce((sum, value) => sum + value, 0),
    },
    ...cost,
  };
}

/** The stamps that were worked out, each class's figures, and the clean models' statistics. */
function picturesOf(
  verdicts: readonly ModelVerdict[],
  calibration: PopulationCalibration,
): Record<string, Image> {
  const pictures: Record<string, Image> = {};
  for (const { method, trigger, perClass, suspect, statistic, null: found } of verdicts) {
    if (trigger !== null) pictures[`trigger-${method}`] = drawTrigger(trigger);
    for (const [figure, values] of Object.entries(perClass)) {
      pictures[`${figure}-${method}`] = drawBars(values, suspect);
    }
    const clean = calibration.models.flatMap(({ findings }) =>
      findings[`model/${method}`]?.statistic ?? []
    );
    const { threshold } = found;
    pictures[`clean-models-${method}`] = drawHistogram(clean, { threshold, judged: statistic });
  }
  return pictures;
}
