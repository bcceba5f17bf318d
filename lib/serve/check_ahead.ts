/**
 * Looking at weights before somebody asks for them.
 *
 * @module
 */

import { IntegrityError } from "../core/errors.ts";
import type { ModelSource, ServedManifest } from "../registry/source.ts";
import type { Catalogue } from "./catalogue.ts";

/** Looks at models, beside whatever else is done. */
export interface AheadCheck {
  /**
   * Looks at those that it has not found whole yet; does nothing while it still looks at others, or if
   * its time has not come.
   */
  start(models: readonly ServedManifest[]): void;
  /** Looks at no further one. */
  stop(): void;
}

/** How weights are looked at. */
export interface AheadCheckOptions {
  /** Milliseconds from now on in which a server has better things to do: it has just started. */
  readonly after: number;
  /** Whether a model is in memory: its bytes were whole when it was loaded. */
  readonly isLoaded: (manifest: ServedManifest) => boolean;
}

/**
 * Reads weights once, one model after the other, so that altered bytes are known of before somebody
 * asks for the model.
 *
 * @param source Compares what it reads with its digest.
 * @param catalogue Told of what is damaged, and of what was damaged and is whole again.
 */
export function createAheadCheck(
  source: ModelSource,
  catalogue: Pick<Catalogue, "recentFailure" | "fail" | "mend">,
  { after, isLoaded }: AheadCheckOptions,
): AheadCheck {
  const begin = performance.now() + after;
  /** Digests of weights that were whole. */
  const whole = new Set<string>();
  let isBusy = false;
  let isStopped = false;

  async function check(models: readonly ServedManifest[]): Promise<void> {
    for (const manifest of models) {
      const { sha256 } = manifest.weights;
      if (whole.has(sha256) || isLoaded(manifest)) continue;
      if (catalogue.recentFailure(manifest) !== null) continue;
      if (isStopped) return;
      try {
        await source.read(manifest);
        whole.add(sha256);
        catalogue.mend(manifest);
      } catch (error) {
        // Another day, if the store is away.
        if (!(error instanceof IntegrityError)) return;
        catalogue.fail(manifest, error);
      }
    }
  }

  return {
    start(models) {
      if (isBusy || performance.now() < begin) return;
      isBusy = true;
      check(models).finally(() => isBusy = false);
    },
    stop() {
      isStopped = true;
    },
  };
}
