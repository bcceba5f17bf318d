/**
 * Memory over a long load.
 *
 * @module
 */

import { formatPercent } from "../../../lib/core/format.ts";
import { formatFigure, type Section } from "../report.ts";
import { median } from "../statistics.ts";
import { findHeldRate } from "./fixed_rate.ts";
import { openLoop } from "./open_loop.ts";
import { residentBytes, watchMemory } from "./process_tree.ts";
import type { ServeOptions } from "./serve_options.ts";
import { type ServerKind, startServer } from "./server.ts";

/** What a soak came to. */
export interface Soak {
  readonly server: string;
  /** Requests a second. */
  readonly rate: number;
  readonly minutes: number;
  /** Resident MB (10^6 bytes) before the load. */
  readonly start: number;
  /** Resident MB at its begin, every 10 seconds, and behind its end. */
  readonly series: readonly number[];
  /** Of the second half to the first half of the series, medians: 1 is flat. */
  readonly growth: number;
  /** Milliseconds, over all requests. */
  readonly p99: number;
  /** Share of requests that were not answered with 200. */
  readonly failed: number;
}

/** Milliseconds between looks at the memory. */
const LOOK = 10_000;

/** Requests a second at least: memory shows even where no rate is held. */
const LEAST = 1;

/** Loads a fresh server at half the rate that it holds. */
export async function measureSoak(
  kind: ServerKind,
  minutes: number,
  options: ServeOptions,
): Promise<Soak> {
  await using server = await startServer(kind, options.inputs.digit);
  // A short run is enough to know half of the rate.
  const held = await findHeldRate(kind, server, {
    ...options,
    confirmation: Math.min(options.confirmation, options.seconds),
  });
  const rate = held === null ? LEAST : Math.max(LEAST, held.rate / 2);
  const start = await residentBytes(server.pid) / 1e6;
  const load = { url: server.url, input: options.inputs.digit, rate, seconds: minutes * 60 };
  const { result: outcome, seen } = await watchMemory(server.pid, () => openLoop(load), LOOK);
  const series = seen.map((bytes) => bytes / 1e6);
  const middle = Math.ceil(series.length / 2);
  return {
    server: kind.name,
    rate,
    minutes,
    start,
    series,
    growth: median(series.slice(-middle)) / median(series.slice(0, middle)),
    p99: outcome.percentile(99),
    failed: 1 - outcome.share(200),
  };
}

/** The section of this part. */
export function soakSection(soak: Soak): Section {
  return {
    name: "bench:serve soak",
    tables: [{
      title: "Soak",
      head: [
        "",
        ...["requests/s", "minutes", "MB before", "highest", "end", "second half to first"],
        ...["p99, ms", "not answered"],
      ],
      alignments: "<>>>>>>>>",
      rows: [[
        soak.server,
        formatFigure(soak.rate),
        formatFigure(soak.minutes),
        formatFigure(soak.start),
        formatFigure(Math.max(...soak.series)),
        formatFigure(soak.series.at(-1)),
        `${formatFigure(soak.growth)}×`,
        formatFigure(soak.p99),
        formatPercent(soak.failed),
      ]],
      notes: [
        "Digits at half of the rate that is held. Resident memory of all processes, looked at every 10 s.",
      ],
    }],
    results: soak,
  };
}
