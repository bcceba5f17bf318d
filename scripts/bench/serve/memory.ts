/**
 * Memory: ready to answer, and while images come that are small as files and large in memory.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { formatPercent } from "../../../lib/core/format.ts";
import type { Answer } from "../answer.ts";
import type { Samples } from "../interleave.ts";
import { formatFigure, formatSummary, type Section } from "../report.ts";
import { closedLoop } from "./closed_loop.ts";
import { giantPng } from "./inputs.ts";
import { post } from "./open_loop.ts";
import { residentBytes, watchMemory } from "./process_tree.ts";
import { type ServeOptions, warmUpOf } from "./serve_options.ts";
import { type ServerKind, startServer } from "./server.ts";

/** Milliseconds within which a giant image is answered, or has failed. */
const PATIENCE = 20_000;

/** Milliseconds between the last burst and the last look. */
const PAUSE = 2_000;

/** Measures a fresh server; figures are in MB (10^6 bytes). */
export async function measureMemory(kind: ServerKind, options: ServeOptions): Promise<Answer> {
  const { inputs, connections, seconds, burst } = options;
  await using server = await startServer(kind, inputs.digit);
  for (const input of [inputs.digit, inputs.photograph]) {
    await closedLoop({ url: server.url, input, connections, seconds: warmUpOf(options) });
  }
  const ready = await residentBytes(server.pid);
  const giant = giantPng();
  const statuses: number[] = [];
  const began = performance.now();
  const { seen } = await watchMemory(server.pid, async () => {
    for (let time = 0; time < burst.times; time++) {
      const sent = Array.from(
        { length: burst.images },
        () => post({ url: server.url, input: giant, patience: PATIENCE }),
      );
      statuses.push(...await Promise.all(sent));
    }
  });
  const took = performance.now() - began;
  await closedLoop({ url: server.url, input: inputs.digit, connections, seconds: seconds / 2 });
  await delay(PAUSE);
  const share = (isThis: (status: number) => boolean) =>
    statuses.filter(isThis).length / statuses.length;
  return {
    figures: {
      ready: ready / 1e6,
      peak: Math.max(...seen) / 1e6,
      after: await residentBytes(server.pid) / 1e6,
      seconds: took / 1000,
      answered: share((status) => status === 200),
      refused: share((status) => status === 503),
      other: share((status) => status !== 200 && status !== 503),
    },
    about: kind.about ?? {},
  };
}

/** The section of this part. */
export function memorySection(
  samples: Samples,
  servers: readonly ServerKind[],
  { burst }: ServeOptions,
): Section {
  return {
    name: "bench:serve memory",
    tables: [{
      title: "Memory",
      head: [
        "",
        ...["ready, MB", "peak under giant PNGs, MB", "min…max", "after, MB"],
        ...["seconds", "200", "503", "other"],
      ],
      alignments: "<>>>>>>>>",
      rows: servers.map(({ name }) => {
        const median = (figure: string) => samples.summary(name, figure)?.median;
        return [
          name,
          formatFigure(median("ready")),
          ...formatSummary(samples.summary(name, "peak")),
          formatFigure(median("after")),
          formatFigure(median("seconds")),
          ...["answered", "refused", "other"].map((figure) => formatPercent(median(figure))),
        ];
      }),
      notes: [
        "Resident memory of the process and those that it started; what they share counts for each. " +
        `After warm-up; the highest while ${burst.times} bursts of ${burst.images} legal PNGs of ` +
        "1×4,000,000 pixels (16-bit RGBA) are answered, in so many seconds; and after some digits more.",
      ],
    }],
    results: { variants: samples.toJson() },
  };
}
