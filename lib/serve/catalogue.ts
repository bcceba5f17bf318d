/**
 * Which models a source has, and which version of each is served: the current one or, if that is of no
 * use, the newest before it that is.
 *
 * @module
 */

import { BusyError, IntegrityError } from "../core/errors.ts";
import { newestFirst } from "../registry/manifest.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "../registry/source.ts";
import { withOlder } from "../registry/with_older.ts";

/** Told of each problem once, and again when it is solved. */
export type ProblemReporter = (problem: ModelProblem, state: "new" | "solved") => void;

/** How a catalogue looks at its source. */
export interface CatalogueOptions {
  /** How long a list is taken as current, in milliseconds. */
  readonly freshFor: number;
  /** How long a version that failed is passed over, in milliseconds. */
  readonly brokenFor: number;
  readonly report?: ProblemReporter | undefined;
  /** Told of the models after each look at the source, those that failed too. */
  readonly onLook?: ((models: readonly ServedManifest[]) => void) | undefined;
}

/** The models of a source. */
export interface Catalogue {
  /** What is served, newest first: of each model the first version that is not known to fail. */
  list(): Promise<readonly ServedManifest[]>;
  /** What cannot be served: what the source could not read, and what failed. */
  problems(): Promise<readonly ModelProblem[]>;
  /**
   * The versions that could be served, in the order in which they are to be tried, those that failed
   * too.
   *
   * @param accept Which of them are meant.
   */
  candidates(accept: (manifest: ServedManifest) => boolean): AsyncIterable<ServedManifest>;
  /** Whether a source could not be asked when it was last tried: what it had is remembered. */
  isAway(): boolean;
  /** The error of a version that failed a short while ago; `null` if it can be tried. */
  recentFailure(manifest: ServedManifest): Error | null;
  /** Notes that a version failed; a store that is away is no fault of it. */
  fail(manifest: ServedManifest, error: Error): void;
  /** Notes that a version was loaded. */
  succeed(manifest: ServedManifest): void;
  /** Notes that the bytes of a version are whole; what else was wrong with it still is. */
  mend(manifest: ServedManifest): void;
}

/** What a source had when it was last asked. */
interface Listing {
  readonly models: readonly ServedManifest[];
  readonly problems: readonly ModelProblem[];
  /** By name, once they were wanted: what may stand in for the current version. */
  readonly older: Map<string, Promise<readonly ServedManifest[]>>;
}

interface Failure {
  readonly manifest: ServedManifest;
  readonly error: Error;
  readonly at: number;
}

/** Opens the catalogue of a source, which is asked anew as time passes. */
export function createCatalogue(
  source: ModelSource,
  { freshFor, brokenFor, report = () => {}, onLook = () => {} }: CatalogueOptions,
): Catalogue {
  /** By `keyOf`, until it is loaded. */
  const failures = new Map<string, Failure>();
  /** By name: the version that was loaded last. */
  const loaded = new Map<string, ServedManifest>();
  /** What was reported and not solved since, by `textOf`. */
  const reported = new Map<string, ModelProblem>();
  let isAway = false;
  let listed: { at: number; listing: Promise<Listing> } | null = null;

  function look(): Promise<Listing> {
    if (listed !== null && performance.now() - listed.at < freshFor) return listed.listing;
    const fresh = { at: performance.now(), listing: listSource() };
    listed = fresh;
    // A failure is told to those who wait for it, and not remembered.
    fresh.listing.catch(() => {
      if (listed === fresh) listed = null;
    });
    return fresh.listing;
  }

  async function listSource(): Promise<Listing> {
    const problems: ModelProblem[] = [];
    const models = await source.list((each) => problems.push(each));
    forget(new Map(models.map((model) => [model.name, keyOf(model)])), problems);
    isAway = problems.some(({ name }) => name === null);
    reportChanges(problems);
    onLook(models);
    return { models, problems, older: new Map() };
  }

  /** Forgets what was known of versions that are served no more, and not in question either. */
  function forget(current: ReadonlyMap<string, string>, problems: readonly ModelProblem[]): void {
    const inQuestion = new Set(problems.map(({ name }) => name));
    for (const name of loaded.keys()) {
      if (!current.has(name) && !inQuestion.has(name)) loaded.delete(name);
    }
    for (const [key, { manifest: { name }, at }] of failures) {
      const served = current.get(name);
      const isStandIn = served === undefined ? inQuestion.has(name) : failures.has(served);
      const isOld = performance.now() - at > brokenFor;
      if (served !== key && !isStandIn && isOld) failures.delete(key);
    }
  }

  function reportChanges(problems: readonly ModelProblem[]): void {
    const texts = new Set(problems.map(textOf));
    for (const problem of problems) reportOnce(problem);
    for (const [text, problem] of reported) {
      // What failed stays reported until it is loaded.
      if (texts.has(text) || problem.name !== null && isFailing(problem)) continue;
      reported.delete(text);
      report(problem, "solved");
    }
  }

  function isFailing({ name, version }: ModelProblem): boolean {
    return [...failures.values()].some(({ manifest }) =>
      manifest.name === name && manifest.version === version
    );
  }

  function reportOnce(problem: ModelProblem): void {
    if (reported.has(textOf(problem))) return;
    reported.set(textOf(problem), problem);
    report(problem, "new");
  }

  function solve(manifest: ServedManifest): void {
    const failure = failures.get(keyOf(manifest));
    if (failure === undefined) return;
    failures.delete(keyOf(manifest));
    const problem = problemOf(failure);
    if (reported.delete(textOf(problem))) report(problem, "solved");
  }

  /** A version, and what may stand in for it. */
  async function* versionsOf(listing: Listing, manifest: ServedManifest) {
    yield manifest;
    const { name, version } = manifest;
    const older = listing.older.get(name) ?? olderThan(manifest);
    listing.older.set(name, older);
    const stored = await older;
    yield* stored;
    // It is in memory, whatever became of it in the store since.
    const last = loaded.get(name);
    if (last === undefined || Number(last.version) > Number(version)) return;
    if (![manifest, ...stored].some((each) => keyOf(each) === keyOf(last))) yield last;
  }

  async function olderThan(manifest: ServedManifest): Promise<readonly ServedManifest[]> {
    try {
      const [, ...older] = await Array.fromAsync(withOlder(source, manifest));
      return older;
    } catch {
      // The list says that the store is away.
      return [];
    }
  }

  /** The models of a listing, newest first, and those of which no version can be read any more. */
  function known(listing: Listing): readonly ServedManifest[] {
    const lost = rescued(listing);
    return lost.length === 0 ? listing.models : [...listing.models, ...lost].sort(newestFirst);
  }

  /** The models of which the source can read no version, as they were loaded before. */
  function rescued({ models, problems }: Listing): ServedManifest[] {
    if (problems.length === 0) return [];
    const names = new Set(models.map(({ name }) => name));
    return [...loaded.values()].filter(({ name, version }) =>
      !names.has(name) && problems.some((lost) =>
        // One after it was taken back.
        lost.name === name && !(Number(version) > Number(lost.version))
      )
    );
  }

  async function list(): Promise<readonly ServedManifest[]> {
    const listing = await look();
    if (failures.size === 0) return known(listing);
    const found = await Promise.all(listing.models.map(async (model) => {
      if (!failures.has(keyOf(model))) return [model];
      for await (const each of versionsOf(listing, model)) {
        if (!failures.has(keyOf(each))) return [each];
      }
      return [];
    }));
    return [...found.flat(), ...rescued(listing)].sort(newestFirst);
  }

  async function problems(): Promise<readonly ModelProblem[]> {
    const { problems } = await look();
    return [...problems, ...[...failures.values()].map(problemOf)];
  }

  async function* candidates(accept: (manifest: ServedManifest) => boolean) {
    const listing = await look();
    for (const model of known(listing)) {
      if (!accept(model)) continue;
      for await (const each of versionsOf(listing, model)) if (accept(each)) yield each;
    }
  }

  return {
    list,
    problems,
    candidates,
    isAway: () => isAway,
    recentFailure(manifest) {
      const failure = failures.get(keyOf(manifest));
      return failure !== undefined && performance.now() - failure.at < brokenFor
        ? failure.error
        : null;
    },
    fail(manifest, error) {
      if (error instanceof BusyError) return;
      const failure = { manifest, error, at: performance.now() };
      failures.set(keyOf(manifest), failure);
      reportOnce(problemOf(failure));
    },
    succeed(manifest) {
      loaded.set(manifest.name, manifest);
      solve(manifest);
    },
    mend(manifest) {
      if (failures.get(keyOf(manifest))?.error instanceof IntegrityError) solve(manifest);
    },
  };
}

function problemOf({ manifest: { name, version }, error }: Failure): ModelProblem {
  return { name, version, problem: error.message };
}

/** A version that was written anew is another. */
function keyOf({ name, version, weights }: ServedManifest): string {
  return `${name}@${version}@${weights.sha256}`;
}

function textOf({ name, version, problem }: ModelProblem): string {
  return JSON.stringify([name, version, problem]);
}
