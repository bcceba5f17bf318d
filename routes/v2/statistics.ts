/**
 * Triton's statistics extension: what inference took, by model and version, since the server started.
 * If several threads serve, each counts for itself.
 *
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_statistics.md
 * @module
 */

import type { ModelManifest } from "../../lib/registry/mod.ts";
import type { Duration, ModelStatistics } from "./protocol.ts";

/** Milliseconds that the parts of one request took. */
export interface InferTimes {
  /** Until the model was loaded. */
  readonly queue: number;
  /** Reading the request. */
  readonly input: number;
  /** Classifying. */
  readonly infer: number;
  /** Writing the answer. */
  readonly output: number;
}

/** Counts of one server. */
export interface Statistics {
  /** Counts a request that was answered, with this many images. */
  succeed(manifest: ModelManifest, images: number, times: InferTimes): void;
  /** Counts a request to a known model that was not. */
  fail(manifest: ModelManifest, milliseconds: number): void;
  /** What was counted for these models; zeros for one that nobody has asked. */
  describe(manifests: readonly ModelVersion[]): ModelStatistics[];
}

type ModelVersion = Pick<ModelManifest, "name" | "version">;

type Counts = Record<"success" | "fail" | "queue" | "input" | "infer" | "output", Sum>;

/** How often something was timed, and milliseconds in all. */
interface Sum {
  count: number;
  milliseconds: number;
}

interface Entry {
  last: number;
  images: number;
  readonly counts: Counts;
  readonly batches: Map<number, Pick<Counts, "input" | "infer" | "output">>;
}

/**
 * Starts to count.
 *
 * @param now Milliseconds since 1970.
 */
export function createStatistics(now: () => number = Date.now): Statistics {
  const entries = new Map<string, Entry>();

  function entryOf({ name, version }: ModelVersion): Entry {
    const key = `${name}@${version}`;
    const entry = entries.get(key) ?? createEntry();
    entries.set(key, entry);
    return entry;
  }

  return {
    succeed(manifest, images, times) {
      const entry = entryOf(manifest);
      entry.last = now();
      entry.images += images;
      const { queue, input, infer, output } = times;
      add(entry.counts.success, queue + input + infer + output);
      add(entry.counts.queue, queue);
      const batch = entry.batches.get(images) ?? { input: sum(), infer: sum(), output: sum() };
      entry.batches.set(images, batch);
      for (const part of ["input", "infer", "output"] as const) {
        add(entry.counts[part], times[part]);
        add(batch[part], times[part]);
      }
    },
    fail(manifest, milliseconds) {
      const entry = entryOf(manifest);
      entry.last = now();
      add(entry.counts.fail, milliseconds);
    },
    describe: (manifests) =>
      manifests.map(({ name, version }) =>
        describe({ name, version }, entries.get(`${name}@${version}`) ?? createEntry())
      ),
  };
}

function createEntry(): Entry {
  return {
    last: 0,
    images: 0,
    counts: {
      success: sum(),
      fail: sum(),
      queue: sum(),
      input: sum(),
      infer: sum(),
      output: sum(),
    },
    batches: new Map(),
  };
}

function sum(): Sum {
  return { count: 0, milliseconds: 0 };
}

function add(sum: Sum, milliseconds: number): void {
  sum.count++;
  sum.milliseconds += milliseconds;
}

function describe(model: ModelVersion, { last, images, counts, batches }: Entry): ModelStatistics {
  return {
    ...model,
    last_inference: last,
    inference_count: images,
    // Each request is one execution.
    execution_count: counts.success.count,
    inference_stats: {
      success: duration(counts.success),
      fail: duration(counts.fail),
      queue: duration(counts.queue),
      compute_input: duration(counts.input),
      compute_infer: duration(counts.infer),
      compute_output: duration(counts.output),
      // There is no cache of answers.
      cache_hit: duration(sum()),
      cache_miss: duration(sum()),
    },
    batch_stats: [...batches].sort(([a], [b]) => a - b).map(([batchSize, each]) => ({
      batch_size: batchSize,
      compute_input: duration(each.input),
      compute_infer: duration(each.infer),
      compute_output: duration(each.output),
    })),
  };
}

function duration({ count, milliseconds }: Sum): Duration {
  return { count, ns: Math.round(milliseconds * 1e6) };
}
