/**
 * What defences say of clean models: a population of one network on one data set, as a small file.
 *
 * @module
 */

import { IntegrityError, UsageError } from "../core/errors.ts";
import { formatCount } from "../core/format.ts";

/** What is inspected by a statistic with a null: a model, or the rows that it was trained on. */
export type Asks = "model" | "rows";

/** Of which models a calibration is. */
export interface CalibratedKind {
  readonly architecture: string;
  readonly dataset: string;
  /** Layers of the network; `null` for its own. */
  readonly depth: number | null;
}

/** What a defence has said of a clean model. */
export interface CleanFinding {
  /** The larger, the more suspicious; of rows, that of the most suspicious class. */
  readonly statistic: number;
  /** Of rows: the score that the share `rowRate` of the clean rows exceeds. */
  readonly cutoff?: number;
}

/** A clean model of the population. */
export interface CalibrationModel {
  readonly seed: number;
  /** Digest of its weights. */
  readonly sha256: string;
  readonly cleanAccuracy: number;
  /** By `ASKS/METHOD`. */
  readonly findings: Readonly<Record<string, CleanFinding>>;
}

/** A calibration, format 1. */
export interface PopulationCalibration {
  readonly format: 1;
  readonly kind: CalibratedKind;
  /** How the models were trained, but for their seeds. */
  readonly training: {
    readonly recipe: string;
    readonly epochs: number;
    readonly batchSize: number;
    readonly dataDigest: string;
  };
  /** Number of clean images that each defence was given, drawn by the model's seed. */
  readonly cleanImages: number;
  /** Share of the clean rows above a cutoff. */
  readonly rowRate: number;
  readonly versions: { readonly edgedoor: string };
  readonly models: readonly CalibrationModel[];
}

/** What clean models come to, for a defence. */
export interface Null {
  /** One a model. */
  readonly statistics: readonly number[];
  /** One a model; none if it is of no rows. */
  readonly cutoffs: readonly number[];
}

/** A kind of models in words. */
export function describeKind({ architecture, dataset, depth }: CalibratedKind): string {
  return `network ${architecture}${depth === null ? "" : ` of depth ${depth}`} on ${dataset}`;
}

/**
 * What clean models come to under a defence.
 *
 * @param calibration The population.
 * @param defence `except`: digest of the weights of the model that is judged, which is no judge of
 * itself; `cleanImages`: number of clean images that the defence is given, 0 if it takes none.
 * @throws {UsageError} If the models were inspected by another defence, or with another number of images.
 */
export function nullOf(
  { kind, models, cleanImages }: PopulationCalibration,
  { asks, method, except, cleanImages: given }: {
    readonly asks: Asks;
    readonly method: string;
    readonly except?: string | undefined;
    readonly cleanImages: number;
  },
): Null {
  if (given !== 0 && given !== cleanImages) {
    throw new UsageError(
      `Cannot judge by the calibration of ${
        describeKind(kind)
      }: there must be as many clean images ` +
        `as it was made with, ${formatCount(cleanImages)}, got ${formatCount(given)}; give as ` +
        "many, or calibrate anew",
    );
  }
  const findings = models.filter(({ sha256 }) => sha256 !== except)
    .flatMap((model) => model.findings[`${asks}/${method}`] ?? []);
  const cutoffs = findings.flatMap(({ cutoff }) => cutoff ?? []);
  const wanted = asks === "rows" ? findings.length : 0;
  if (findings.length === 0 || cutoffs.length !== wanted) {
    throw new UsageError(
      `Cannot judge by ${method}: the calibration of ${describeKind(kind)} must have its ` +
        `statistics${
          asks === "rows" ? " and cutoffs" : ""
        }, got none; calibrate again, or choose ` +
        "another method",
    );
  }
  return { statistics: findings.map(({ statistic }) => statistic), cutoffs };
}

/**
 * Refuses a calibration of other models.
 *
 * @throws {UsageError} If it is of another network or data set.
 */
export function requireKind({ kind }: PopulationCalibration, wanted: CalibratedKind): void {
  const [found, asked] = [describeKind(kind), describeKind(wanted)];
  if (found === asked) return;
  throw new UsageError(
    `Cannot judge the model: the calibration must be of ${asked}, got one of ${found}; clean models ` +
      "of another kind say nothing about it; calibrate for this kind",
  );
}

/** A calibration as a file: a line a model. */
export function formatCalibration({ models, ...fields }: PopulationCalibration): string {
  const lines = Object.entries(fields).map(([name, value]) =>
    `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`
  );
  const list = models.map((model) => `    ${JSON.stringify(model)}`).join(",\n");
  return `{\n${[...lines, `  "models": [\n${list}\n  ]`].join(",\n")}\n}\n`;
}

/**
 * Reads a calibration.
 *
 * @param text Of `formatCalibration`.
 * @param where Where it was read, for the message.
 * @throws {IntegrityError} If it is none of format 1.
 *
 * @example
 * ```ts
 * import { formatCalibration, parseCalibration } from "./calibration.ts";
 * import assert from "node:assert/strict";
 *
 * const calibration = {
 *   ...{ format: 1, cleanImages: 600, rowRate: 0.01, versions: { edgedoor: "0.2.0" } } as const,
 *   kind: { architecture: "badnets", dataset: "mnist", depth: null },
 *   training: { recipe: "badnets", epochs: 1, batchSize: 128, dataDigest: "0".repeat(64) },
 *   models: [{ seed: 101, sha256: "1".repeat(64), cleanAccuracy: 0.99, findings: {} }],
 * };
 * assert.deepEqual(parseCalibration(formatCalibration(calibration), "here"), calibration);
 * ```
 */
export function parseCalibration(text: string, where: string): PopulationCalibration {
  const value = parsed(text);
  if (isCalibration(value)) return value;
  throw new IntegrityError(
    `Cannot read the calibration ${where}: it must be one of format 1 with kind, training, cleanImages ` +
      "and models, each with seed, sha256 and findings; it was written by something else, or altered",
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isCalibration(value: unknown): value is PopulationCalibration {
  // Every field is looked at as unknown: the cast only names them.
  const fields = value as { readonly [Field in keyof PopulationCalibration]?: unknown } | null;
  return fields?.format === 1 && isKind(fields.kind) && typeof fields.training === "object" &&
    fields.training !== null && Number.isSafeInteger(fields.cleanImages) &&
    typeof fields.rowRate === "number" && Array.isArray(fields.models) &&
    fields.models.every(isModel);
}

function isKind(value: unknown): boolean {
  const fields = value as { readonly [Field in keyof CalibratedKind]?: unknown } | null | undefined;
  return typeof fields?.architecture === "string" && typeof fields.dataset === "string" &&
    (fields.depth === null || Number.isSafeInteger(fields.depth));
}

function isModel(value: unknown): boolean {
  const fields = value as { readonly [Field in keyof CalibrationModel]?: unknown } | null;
  return Number.isSafeInteger(fields?.seed) && typeof fields?.sha256 === "string" &&
    typeof fields.findings === "object" && fields.findings !== null &&
    Object.values(fields.findings).every((finding) => typeof finding?.statistic === "number");
}
