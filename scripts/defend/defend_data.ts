/**
 * `deno task defend data`: is a training set poisoned?
 *
 * @module
 */

import { NotFoundError, UsageError } from "../../lib/core/errors.ts";
import { reasonOf } from "../../lib/core/reason_of.ts";
import { datasetDefinitions } from "../../lib/data/mod.ts";
import { rowDefences, type RowSubject, subjectHas } from "../../lib/defence/mod.ts";
import {
  checkRows,
  describeRowVerdict,
  describeTogether,
  judgeRows,
  loadDefenderData,
  openSuspect,
  rowsOfDataset,
  rowsOfFile,
  rowsOfModel,
  type RowTruth,
  type RowVerdict,
  scoreRows,
  type TrainingRows,
} from "../../lib/job/mod.ts";
import { parseAddress } from "../../lib/registry/mod.ts";
import type { CommandResult } from "../cli/cli.ts";
import { drawBars, drawHistogram, writePictures } from "./pictures.ts";
import { kindOf, readCalibration } from "./read_calibration.ts";
import { chooseMethods, datasetOf, type MethodFlags, type Room } from "./room.ts";

/** Flags of `defend data`. */
export interface DataFlags extends MethodFlags {
  readonly model?: string;
  readonly rate: number;
  readonly calibration?: string;
  readonly out?: string;
}

/** What one defence says, and how right it is, where that is known. */
interface CheckedVerdict {
  readonly verdict: RowVerdict;
  readonly truth: RowTruth | null;
}

/**
 * Looks through a training set by each method that is asked for.
 *
 * @param which A file of `poison` (.npz), a data set's name, or a model's, whose training set is made
 * again by its manifest.
 * @throws {NotFoundError} If there is no such file or model, or no calibration.
 * @throws {UsageError} If no model is named, or the calibration is of another kind.
 */
export async function defendData(
  which: string,
  { model = modelNamedBy(which), method, clean: count, dataset, rate, calibration: file, out }:
    DataFlags,
  { models, require, seed, workers, context }: Room,
): Promise<CommandResult> {
  const manifest = await require(parseAddress(model), "look through the training set of");
  const data = datasetOf(manifest, dataset);
  const calibration = await readCalibration(kindOf(manifest, data), file);
  const set = await loadSet(which);
  const { clean } = await loadDefenderData(data, { clean: count, seed }, context);
  using suspect = await openSuspect(models, { manifest, workers }, context);
  const { rows } = set;
  const { engine } = suspect;
  const subject: RowSubject = { rows, classes: engine.classes, model: engine, reference: clean };
  const defences = chooseMethods(rowDefences, {
    ...{ method, context },
    isSuited: ({ needs }) => needs.every((need) => subjectHas(subject, need)),
  });
  const verdicts: CheckedVerdict[] = [];
  for (const defence of defences) {
    const scores = await scoreRows(subject, defence, { seed, context });
    const verdict = judgeRows(scores, rows.labels, {
      ...{ calibration, sha256: manifest.weights.sha256, rate },
      cleanImages: defence.needs.includes("reference") ? count : 0,
    });
    const { poisoned } = set;
    const truth = poisoned && checkRows(verdict, { labels: rows.labels, poisoned });
    verdicts.push({ verdict, truth });
  }
  const flagged = [...new Set(verdicts.flatMap(({ verdict }) => [...verdict.flagged]))]
    .sort((a, b) => a - b);
  const pictures = out === undefined ? [] : await writePictures(
    out,
    Object.fromEntries(verdicts.flatMap(({ verdict }) => [
      [`classes-${verdict.method}`, drawBars([...verdict.statistics], verdict.class)],
      [
        `scores-${verdict.method}`,
        drawHistogram(
          verdict.scores.filter((_, row) => rows.labels[row] === verdict.class),
          { threshold: verdict.cutoff },
        ),
      ],
    ])),
  );
  const suspicious = verdicts.some(({ verdict }) => verdict.suspicious);
  return {
    json: {
      ...{ set: set.what, model: manifest.name, version: manifest.version, clean: count, seed },
      ...{ rows: rows.shape[0], suspicious, flagged },
      verdicts: verdicts.map(toJson),
      pictures,
    },
    text: [
      `${set.what}, by ${manifest.name}, version ${manifest.version}: ` +
      (suspicious ? "suspicious" : "no sign of poisoned rows"),
      "",
      ...verdicts.map(({ verdict, truth }) =>
        describeRowVerdict(verdict, { labels: manifest.labels, truth })
      ),
      ...verdicts.length > 1
        ? [describeTogether(verdicts.map(({ verdict }) => verdict.null.falseAlarmRate), "sets")]
        : [],
      ...pictures.length === 0 ? [] : ["", `pictures: ${pictures.join(", ")}`],
    ].join("\n"),
  };

  async function loadSet(name: string): Promise<TrainingRows> {
    if (isFile(name)) return rowsOfFile(await readFile(name), name);
    if (isDataset(name)) return await rowsOfDataset(name, context);
    return await rowsOfModel(
      await require(parseAddress(name), "make the training set of"),
      context,
    );
  }
}

function toJson({ verdict, truth }: CheckedVerdict): object {
  const { method, suspicious, statistic, statistics, pValue, cutoff, flagged, cost } = verdict;
  const { models, ...threshold } = verdict.null;
  return {
    ...{ method, class: verdict.class, suspicious, statistic, ...threshold, cleanModels: models },
    ...{ pValue, cutoff, rows: flagged.length, perClass: [...statistics] },
    ...truth && {
      auroc: truth.auroc,
      recall: truth.recall,
      falsePositiveRate: truth.falsePositiveRate,
      poisoned: truth.poisoned,
    },
    ...{ seconds: verdict.seconds, ...cost },
  };
}

function isFile(name: string): boolean {
  return name.endsWith(".npz");
}

function isDataset(name: string): boolean {
  return datasetDefinitions.some((definition) => definition.name === name);
}

/** The model whose training set is looked through judges it, unless another is named. */
function modelNamedBy(which: string): string {
  if (!isFile(which) && !isDataset(which)) return which;
  throw new UsageError(
    "Cannot look through a training set: --model must name a model that was trained on it, got none; " +
      "train one on it, or give the name of a model to look through its own",
  );
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `Cannot read ${path}: ${reasonOf(error)}; give another file`;
    throw new NotFoundError(message, { cause: error });
  }
}
