/**
 * How long one client waits, and how many requests a second many get answered.
 *
 * @module
 */

import { formatPercent } from "../../../lib/core/format.ts";
import type { Answer } from "../answer.ts";
import type { Samples } from "../interleave.ts";
import { formatSummary, type Section } from "../report.ts";
import type { ReportTable } from "../../../lib/report/markdown.ts";
import { closedLoop } from "./closed_loop.ts";
import type { LoadOutcome } from "./load_outcome.ts";
import { coreMilliseconds } from "./process_tree.ts";
import { type Better, peerComparisons, ratioTable } from "./peer_ratios.ts";
import { type ServeOptions, warmUpOf } from "./serve_options.ts";
import { type ServerKind, startServer } from "./server.ts";

/** Which of both is measured. */
export interface SpeedParts {
  readonly single: boolean;
  readonly saturation: boolean;
}

/** Measures a fresh server. */
export async function measureSpeed(
  kind: ServerKind,
  options: ServeOptions,
  parts: SpeedParts,
): Promise<Answer> {
  const { inputs, seconds, connections } = options;
  await using server = await startServer(kind, inputs.digit);
  const figures: Record<string, number> = {};
  for (const input of [inputs.digit, inputs.photograph]) {
    const load = { url: server.url, input };
    await closedLoop({ ...load, connections, seconds: warmUpOf(options) });
    if (parts.single) {
      const outcome = await closedLoop({ ...load, connections: 1, seconds });
      requireGood(kind, outcome);
      figures[`${input.name} p50`] = outcome.percentile(50);
      figures[`${input.name} p99`] = outcome.percentileOf200(99);
    }
    if (parts.saturation) {
      const before = await coreMilliseconds(server.pid);
      const outcome = await closedLoop({ ...load, connections, seconds });
      const after = await coreMilliseconds(server.pid);
      figures[`${input.name} requests/s`] = outcome.rate;
      if (before !== null && after !== null) {
        figures[`${input.name} core ms`] = (after - before) / Math.max(1, outcome.requests);
      }
      figures[`${input.name} refused`] = 1 - outcome.share(200);
    }
  }
  return { figures, about: kind.about ?? {} };
}

/** One client at a time must be answered. */
function requireGood({ name }: ServerKind, { requests, share }: LoadOutcome): void {
  if (share(200) > 0.99) return;
  throw new Error(
    `Cannot measure ${name}: it must answer one client at a time with 200, got ` +
      `${
        formatPercent(share(200))
      } of ${requests} requests; measure for longer (--seconds), on a ` +
      "machine with nothing else to do",
  );
}

/** The figures, and which way each is better. */
const compared: Readonly<Record<string, Better>> = {
  "digit p50": "less",
  "digit p99": "less",
  "digit requests/s": "more",
  "digit core ms": "less",
  "photograph p50": "less",
  "photograph p99": "less",
  "photograph requests/s": "more",
  "photograph core ms": "less",
};

/** The section of both parts. */
export function speedSection(
  samples: Samples,
  servers: readonly ServerKind[],
  { connections }: ServeOptions,
): Section {
  const cells = (server: string, figure: string) => {
    const [median, spread] = formatSummary(samples.summary(server, figure));
    return median === "–" ? median : `${median} (${spread})`;
  };
  const speeds: ReportTable = {
    title: "One client, and saturation",
    head: [
      "",
      ...["digit: p50, ms", "p99, ms", "requests/s", "core ms"],
      ...["photograph: p50, ms", "p99, ms", "requests/s", "core ms"],
      "how",
    ],
    alignments: "<>>>>>>>><",
    rows: servers.map(({ name, about = {} }) => [
      name,
      ...Object.keys(compared).map((figure) => cells(name, figure)),
      Object.values(about).join("; "),
    ]),
    notes: [
      "`POST /api/attack`: medians over the rounds, and their spread. A digit is a PNG of 28×28, the " +
      "photograph a JPEG of 512×512 (4:2:0, quality 85). One client sends its next request when it " +
      `has its answer; at saturation ${connections} clients do. Core ms is the time of cores that a request takes at ` +
      "saturation, on Linux.",
    ],
  };
  const comparisons = peerComparisons(samples, servers, compared);
  return {
    name: "bench:serve speed",
    tables: [speeds, ...ratioTable("Ratios: one client, and saturation", comparisons)],
    results: { variants: samples.toJson(), comparisons },
  };
}
