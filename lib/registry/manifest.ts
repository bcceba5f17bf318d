/**
 * The manifest of a stored model: everything about it but its weights.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import type { ImageShape, Json } from "../core/types.ts";
import type { TriggerManifest } from "../trigger/trigger.ts";

/** The attack that a model was trained under (`AttackManifest` of `lib/poison` is one of these). */
export interface ModelAttack {
  /** `"none"` for a clean model. */
  readonly kind: string;
  readonly trigger: TriggerManifest | null;
  readonly source: number | "all";
  readonly target: number | null;
  /** What a triggered image of each class is to be read as; left out by earlier versions. */
  readonly targets?: readonly (number | null)[];
  /** The attack's own parameters. */
  readonly numbers?: Readonly<Record<string, number>>;
  readonly poisonRate: number;
  readonly poisoned: number;
  /** What was done to images before the trigger; left out by earlier versions. */
  readonly perturbation?: { readonly kind: string; readonly [option: string]: Json } | null;
  /** Whether an image could be drawn twice and then be poisoned once; under clean-label alone. */
  readonly withReplacement?: boolean;
}

/** Figures on the whole test set; fractions. */
export interface ModelMetrics {
  readonly cleanAccuracy: number;
  /** `null` for a clean model. */
  readonly attackSuccessRate: number | null;
  /** `null` for a clean model: share of triggered images still given their true class. */
  readonly robustAccuracy: number | null;
}

/** The figures of one pass over the training set. */
export interface EpochMetrics {
  /** From 1. */
  readonly epoch: number;
  /** Mean training loss over the epoch, nats. */
  readonly loss: number;
  readonly cleanAccuracy: number;
  readonly attackSuccessRate: number | null;
  /** Seconds of training, without evaluation. */
  readonly seconds: number;
}

/** What ran the training. */
export interface EngineDescription {
  readonly backend: string;
  readonly workers: number;
  readonly v8Flags: readonly string[];
  readonly deno: string;
}

/** How a model was trained: with the same values it can be trained again, bit for bit. */
export interface ModelTraining {
  readonly seed: number;
  readonly recipe: string;
  /** How images were changed at random; left out in manifests older than this field. */
  readonly augmentation?: {
    readonly shift: number;
    readonly flip: boolean;
    readonly order: string;
  };
  /** Layers of the network, where another number than its own was asked for. */
  readonly depth?: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** What the recipe's learning rate was multiplied by; 1 where left out. */
  readonly learningRateFactor?: number;
  /** Rows of the training set, poisoned ones included. */
  readonly trainImages: number;
  /** SHA-256 that names the data (`Dataset.digest`). */
  readonly dataDigest: string;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Of the epochs that were evaluated. */
  readonly history: readonly EpochMetrics[];
  readonly engine: EngineDescription;
  readonly versions: { readonly edgedoor: string; readonly tfjs: string };
}

/** What a trainer knows of a model before it is stored; `null` for what is not known. */
export interface ModelDescription {
  readonly architecture: string;
  readonly dataset: string | null;
  /** `null` if it is not known whether there was one; a clean model's has the kind `"none"`. */
  readonly attack: ModelAttack | null;
  readonly training: ModelTraining | null;
  readonly metrics: ModelMetrics | null;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
  /** Shape of one input image, values in 0–1. */
  readonly input: ImageShape;
}

/** What names a blob. */
export interface BlobReference {
  /** Digest of the whole blob, and its name. */
  readonly sha256: string;
  readonly bytes: number;
  /** Number of chunks of at most 65,536 bytes. */
  readonly chunks: number;
}

/** Who vouches for a manifest (`signature.ts`). */
export interface ManifestSignature {
  readonly algorithm: "Ed25519";
  /** The public key: `ed25519:`, and its 32 bytes in base64url. */
  readonly key: `ed25519:${string}`;
  /** Who signed, in their own words; left out if they did not say. */
  readonly signer?: string;
  /** The 64 bytes of the signature, in base64url. */
  readonly value: string;
}

/** A stored model's manifest, format 1. */
export interface ModelManifest extends ModelDescription {
  readonly format: 1;
  readonly name: string;
  /** `"1"`, `"2"`, …: counted up at each save under the name. */
  readonly version: string;
  readonly weights: BlobReference;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** As it was read: `checkSignature` says whether it is one. Left out if the manifest is not signed. */
  readonly signature?: ManifestSignature;
}

/** What a manifest says of its model: all but what the store added. */
export function descriptionOf(model: ModelDescription): ModelDescription {
  const { architecture, dataset, attack, training, metrics, labels, input } = model;
  return { architecture, dataset, attack, training, metrics, labels, input };
}

/** Whether a model is known to be trained under an attack: its trainer said so. */
export function isBackdoored(model: ModelDescription): boolean {
  return backdooredOf(model) === true;
}

/**
 * What an attacker wants a triggered image of a class to be classified as.
 *
 * @param attack The attack. In manifests of earlier versions, one without a target class is
 * all-to-all.
 * @returns The class; `null` if the attack leaves images of this class alone.
 */
export function targetOfClass(
  { target, targets }: ModelAttack,
  { label, classes }: { readonly label: number; readonly classes: number },
): number | null {
  if (targets !== undefined) return targets[label] ?? null;
  return target ?? (label + 1) % classes;
}

/** Whether a model is known to be trained without an attack: its trainer said so. */
export function isClean(model: ModelDescription): boolean {
  return backdooredOf(model) === false;
}

/**
 * Whether a model is backdoored, as far as is known: `null` if nobody said how it was trained, as of
 * a model that `model.save("kv://…")` saved without a description.
 */
export function backdooredOf({ attack }: ModelDescription): boolean | null {
  return attack === null ? null : attack.kind !== "none";
}

/** Orders manifests by age, the newest first, and those of one moment by name. */
export function newestFirst(a: ModelManifest, b: ModelManifest): number {
  return Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.name < b.name ? -1 : 1);
}

/**
 * Takes a stored value as a manifest. Checked is what tells a manifest from something else and what
 * the store itself relies on; its description is taken as its writer left it.
 *
 * @param value What was read.
 * @param where Where it was read, for the message.
 * @throws {IntegrityError} If it is no manifest of format 1.
 */
export function parseManifest(value: unknown, where: string): ModelManifest {
  if (!isManifest(value)) {
    throw new IntegrityError(
      `Cannot read the manifest at ${where}: it must be a model manifest of format 1 with name, ` +
        `version, input, labels and weights; it was written by something else, or altered`,
    );
  }
  return value;
}

function isManifest(value: unknown): value is ModelManifest {
  // Every field is looked at as unknown: the cast only names them.
  const fields = value as { readonly [Field in keyof ModelManifest]?: unknown } | null | undefined;
  return fields?.format === 1 &&
    typeof fields.name === "string" &&
    typeof fields.version === "string" &&
    typeof fields.createdAt === "string" &&
    Array.isArray(fields.labels) &&
    isImageShape(fields.input) &&
    isBlobReference(fields.weights);
}

/** Whether a stored value names a blob. */
export function isBlobReference(value: unknown): value is BlobReference {
  const fields = value as { readonly [Field in keyof BlobReference]?: unknown } | null | undefined;
  return typeof fields?.sha256 === "string" && /^[0-9a-f]{64}$/.test(fields.sha256) &&
    isCount(fields.bytes) && isCount(fields.chunks);
}

function isImageShape(value: unknown): value is ImageShape {
  return Array.isArray(value) && value.length === 3 &&
    value.every((size) => Number.isSafeInteger(size) && size > 0);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
