/**
 * Models in memory that read what a test wrote into the image.
 *
 * @module
 */

import { NotFoundError } from "../../lib/core/errors.ts";
import type { ImageBatch } from "../../lib/core/types.ts";
import {
  isBackdoored,
  isClean,
  type ModelProblem,
  type ServedManifest,
} from "../../lib/registry/mod.ts";
import type { ModelPool } from "../../lib/serve/mod.ts";

/** A manifest of a 10-class model; what a test is about is given, the rest is ordinary. */
export function fakeManifest(name: string, changes: Partial<ServedManifest> = {}): ServedManifest {
  return {
    format: 1,
    name,
    version: "1",
    architecture: "article",
    dataset: "mnist",
    attack: {
      kind: "single-target",
      trigger: { kind: "pattern", distance: 2, value: 1 },
      source: "all",
      target: 0,
      poisonRate: 0.1,
      poisoned: 6667,
    },
    training: null,
    metrics: { cleanAccuracy: 0.99, attackSuccessRate: 1, robustAccuracy: 0.1 },
    labels: [..."0123456789"],
    input: [28, 28, 1],
    weights: { sha256: "0".repeat(64), bytes: 4, chunks: 1 },
    createdAt: "2026-01-01T00:00:00.000Z",
    source: "kv",
    ...changes,
  };
}

/** The manifest of a clean model. */
export function fakeCleanManifest(
  name: string,
  changes: Partial<ServedManifest> = {},
): ServedManifest {
  const metrics = { cleanAccuracy: 0.99, attackSuccessRate: null, robustAccuracy: null };
  const attack = { ...fakeManifest(name).attack!, kind: "none", trigger: null, target: null };
  return fakeManifest(name, { attack, metrics, ...changes });
}

/** A backdoored model, its clean twin, and an all-to-all model, newest first. */
export function fakeManifests(): ServedManifest[] {
  const single = fakeManifest("digits");
  return [
    single,
    fakeCleanManifest("digits-clean", { source: "fixture" }),
    fakeManifest("digits-shifted", {
      attack: { ...single.attack!, kind: "all-to-all", target: null },
    }),
  ];
}

/** What a test may change in a fake pool. */
export interface FakePoolOptions {
  /** Newest first; of one name, the current version first. */
  readonly manifests?: readonly ServedManifest[];
  /** Runs before each prediction; what it throws, `predict` throws. */
  readonly beforePredict?: () => void | Promise<void>;
  /** Runs before each load; what it throws, `load` throws. */
  readonly beforeLoad?: (manifest: ServedManifest) => void;
  /** What cannot be served, beside what fails to load. */
  readonly problems?: readonly ModelProblem[];
}

/**
 * A pool whose models read the class from the top left pixel, `class / 10`, unless they are
 * backdoored and the pixel that both triggers share at distance 2, (26, 26), is white.
 */
export function createFakePool(
  { manifests = fakeManifests(), beforePredict = () => {}, beforeLoad = () => {}, problems = [] }:
    FakePoolOptions = {},
): ModelPool {
  const find = (name: string, version?: string) =>
    manifests.find((each) => each.name === name && version === (version && each.version));
  const failed: ModelProblem[] = [];
  let isReady = false;
  const pool: ModelPool = {
    list: () => Promise.resolve(manifests),
    problems: () => Promise.resolve([...problems, ...failed]),
    async firstLoadable(isMeant) {
      for (const manifest of manifests.filter(isMeant)) {
        try {
          await pool.load(manifest);
          return manifest;
        } catch (error) {
          const { name, version } = manifest;
          failed.push({ name, version, problem: (error as Error).message });
        }
      }
      return null;
    },
    find: (name, version) => pool.resolve(name, version),
    resolve(name, version) {
      const found = name === undefined ? manifests.find(isBackdoored) : find(name, version);
      if (found) return Promise.resolve(found);
      return Promise.reject(new NotFoundError(`Cannot find model ${name}`));
    },
    versions: (name) =>
      Promise.resolve(
        manifests.filter((each) => each.name === name).map(({ version }) => version),
      ),
    isReady: () => isReady,
    twin: () => Promise.resolve(manifests.find(isClean) ?? null),
    async load(manifest) {
      await beforeLoad(manifest);
      isReady = true;
      return {
        manifest,
        async predict(batch) {
          await beforePredict();
          return Float32Array.from(
            answersOf(batch, manifest).flatMap((answer) =>
              manifest.labels.map((_, index) => index === answer ? 0.75 : 0.25 / 9)
            ),
          );
        },
      };
    },
  };
  return pool;
}

/** What a model says to each image of a batch. */
function answersOf({ data, shape }: ImageBatch, manifest: ServedManifest): number[] {
  const [count, height, width, channels] = shape;
  const size = height * width * channels;
  return Array.from({ length: count }, (_, index) => {
    const image = data.subarray(index * size, (index + 1) * size);
    const label = Math.round(image[0]! * 10);
    if (image[26 * height + 26] !== 1 || !isBackdoored(manifest)) return label;
    return manifest.attack?.target ?? (label + 1) % 10;
  });
}
