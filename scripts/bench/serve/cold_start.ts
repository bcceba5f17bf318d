/**
 * From the start of a process to its first answer.
 *
 * @module
 */

import type { Answer } from "../answer.ts";
import type { Samples } from "../interleave.ts";
import { formatSummary, type Section } from "../report.ts";
import { peerComparisons, ratioTable } from "./peer_ratios.ts";
import type { ServeOptions } from "./serve_options.ts";
import { type ServerKind, startServer } from "./server.ts";

/** Starts a server once. */
export async function measureColdStart(
  kind: ServerKind,
  { inputs }: ServeOptions,
): Promise<Answer> {
  await using server = await startServer(kind, inputs.digit);
  return { figures: { ...server.start }, about: kind.about ?? {} };
}

/** The section of this part. */
export function coldStartSection(samples: Samples, servers: readonly ServerKind[]): Section {
  const comparisons = peerComparisons(samples, servers, { firstAnswer: "less" });
  const cell = (name: string, figure: string) => {
    const [median, spread] = formatSummary(samples.summary(name, figure));
    return `${median} (${spread})`;
  };
  return {
    name: "bench:serve cold start",
    tables: [{
      title: "Cold start",
      head: ["", "listening, ms", "first answer, ms", "second answer takes, ms"],
      alignments: "<>>>",
      rows: servers.map(({ name }) => [
        name,
        ...["listening", "firstAnswer", "secondAnswer"].map((figure) => cell(name, figure)),
      ]),
      notes: [
        "Milliseconds since the process was asked for: until the first connection was taken, and until " +
        "the first `POST /api/attack` was answered with 200, which loads both models; then how long the " +
        "next one takes. Files are in the system's cache, and compiled code in Deno's and Python's.",
      ],
    }, ...ratioTable("Ratios: cold start", comparisons)],
    results: { variants: samples.toJson(), comparisons },
  };
}
