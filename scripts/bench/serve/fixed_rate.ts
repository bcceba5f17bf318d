/**
 * The highest rate that a server holds, and what it does at three times that rate.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { formatPercent } from "../../../lib/core/format.ts";
import { printLine } from "../../cli/print_line.ts";
import type { Answer } from "../answer.ts";
import type { Samples } from "../interleave.ts";
import { formatFigure, type Section } from "../report.ts";
import { closedLoop } from "./closed_loop.ts";
import { findRate } from "./find_rate.ts";
import type { LoadOutcome } from "./load_outcome.ts";
import { openLoop, post } from "./open_loop.ts";
import { peerComparisons, ratioTable } from "./peer_ratios.ts";
import { timeToRecovery } from "./recovery.ts";
import { type ServeOptions, warmUpOf } from "./serve_options.ts";
import { type RunningServer, type ServerKind, startServer } from "./server.ts";

/** A rate is held if 99 of 100 requests are answered with 200 within so many milliseconds. */
const LIMIT = 100;

/** Share of the requests a second at saturation that the search begins with. */
const GUESS = 0.75;

/** How many times the rate that is held is more than a server can take. */
const OVERLOAD = 3;

/** Seconds that a server has to recover. */
const RECOVERY_PATIENCE = 30;

/** Measures a fresh server. */
export async function measureFixedRate(
  kind: ServerKind,
  options: ServeOptions,
): Promise<Answer> {
  await using server = await startServer(kind, options.inputs.digit);
  const held = await findHeldRate(kind, server, options);
  if (held === null) return { figures: {}, about: kind.about ?? {} };
  const { rate, outcome } = held;
  return {
    figures: {
      rate,
      p50: outcome.percentile(50),
      p99: outcome.percentile(99),
      ...await overload(server, rate, options),
    },
    about: kind.about ?? {},
  };
}

/** The highest rate that a server holds, and how it did. */
export interface HeldRate {
  /** Requests a second. */
  readonly rate: number;
  readonly outcome: LoadOutcome;
}

/** Searches for the highest rate that a server holds; `null` if it holds none. */
export async function findHeldRate(
  kind: ServerKind,
  { url }: RunningServer,
  options: ServeOptions,
): Promise<HeldRate | null> {
  const { inputs: { digit: input }, connections, seconds, confirmation } = options;
  await closedLoop({ url, input, connections, seconds: warmUpOf(options) });
  const { rate: saturation } = await closedLoop({ url, input, connections, seconds });
  let last: LoadOutcome | null = null;
  const rate = await findRate({
    async isHeld(rate, seconds) {
      last = await openLoop({ url, input, rate, seconds });
      const p99 = last.percentile(99);
      printLine(
        `${kind.name}: ${formatFigure(rate)} requests/s for ${seconds} s: p99 ${
          formatFigure(p99)
        } ms`,
      );
      return p99 < LIMIT;
    },
    guess: saturation * GUESS,
    trial: seconds,
    confirmation,
  });
  return rate === null ? null : { rate, outcome: last! };
}

/** Sends more than a server holds, and sees how it recovers. */
async function overload(
  { url }: RunningServer,
  rate: number,
  { inputs: { digit: input }, seconds }: ServeOptions,
): Promise<Record<string, number>> {
  const time = seconds * 3;
  const load = openLoop({ url, input, rate: rate * OVERLOAD, seconds: time });
  await delay(time * 1000);
  const recovery = await timeToRecovery({
    async probe() {
      const began = performance.now();
      const status = await post({ url, input, patience: LIMIT });
      return { status, milliseconds: performance.now() - began };
    },
    within: LIMIT,
    patience: RECOVERY_PATIENCE,
  });
  const outcome = await load;
  const p99 = outcome.percentileOf200(99);
  const [good, refused] = [outcome.share(200), outcome.share(503)];
  return {
    "overload 200": good,
    "overload 503": refused,
    "overload other": Math.max(0, 1 - good - refused),
    ...Number.isNaN(p99) ? {} : { "overload p99": p99 },
    ...recovery === null ? {} : { recovery },
  };
}

/** The section of this part. */
export function fixedRateSection(
  samples: Samples,
  servers: readonly ServerKind[],
  { confirmation, seconds }: ServeOptions,
): Section {
  const comparisons = peerComparisons(samples, servers, { rate: "more" });
  return {
    name: "bench:serve rate",
    tables: [{
      title: "At a fixed rate",
      head: [
        "",
        ...["requests/s held", "p50, ms", "p99, ms"],
        ...["at 3×: 200", "503", "other", "p99 of 200, ms", "recovered after, s"],
      ],
      alignments: "<>>>>>>>>",
      rows: servers.map(({ name }) => {
        const figure = (which: string) => samples.summary(name, which)?.median;
        const share = (which: string) => formatPercent(figure(which));
        return [
          name,
          ...["rate", "p50", "p99"].map((which) => formatFigure(figure(which))),
          ...["overload 200", "overload 503", "overload other"].map(share),
          formatFigure(figure("overload p99")),
          formatFigure(figure("recovery")),
        ];
      }),
      notes: [
        `Digits, sent when they are due and not when the one before is answered; the highest rate at ` +
        `which 99 of 100 are answered with 200 within ${LIMIT} ms, found by runs of ${seconds} s and ` +
        `confirmed for ${confirmation} s. A latency counts from when a request was due. Then three ` +
        `times that rate for ${seconds * 3} s, and probes until one is answered with 200 within ` +
        `${LIMIT} ms. "Other" is no answer in 10 s, or another status.`,
      ],
    }, ...ratioTable("Ratios: at a fixed rate", comparisons)],
    results: { variants: samples.toJson(), comparisons },
  };
}
