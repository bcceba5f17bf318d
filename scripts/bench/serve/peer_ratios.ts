/**
 * edgedoor's figures to those of the peer that is the best in each.
 *
 * @module
 */

import type { Samples } from "../interleave.ts";
import { formatFigure } from "../report.ts";
import type { ReportTable } from "../../../lib/report/markdown.ts";
import type { ServerKind } from "./server.ts";

/** Whether a figure is better the more or the less it is. */
export type Better = "more" | "less";

/** A figure of edgedoor's to the best peer's. */
export interface PeerComparison {
  readonly figure: string;
  readonly own: string;
  readonly peer: string;
  /** edgedoor's median. */
  readonly ours: number;
  /** The best round of the best peer. */
  readonly theirs: number;
  /** How many times as good edgedoor is: above 1 it is ahead. */
  readonly advantage: number;
}

/**
 * Compares each figure of edgedoor's with the best round that a peer had, those of one worker with
 * peers of one, those of more with all peers of more.
 *
 * @param figures By name, which way each is better.
 */
export function peerComparisons(
  samples: Samples,
  servers: readonly ServerKind[],
  figures: Readonly<Record<string, Better>>,
): PeerComparison[] {
  return servers.filter(({ isOwn }) => isOwn).flatMap((own) =>
    Object.entries(figures).flatMap(([figure, better]) => {
      const ours = samples.summary(own.name, figure)?.median;
      const peers = servers
        .filter(({ isOwn, workers }) => !isOwn && workers > 1 === own.workers > 1)
        .flatMap(({ name }) =>
          samples.values(name, figure).map((value) => ({ peer: name, theirs: value }))
        )
        .toSorted((a, b) => better === "more" ? b.theirs - a.theirs : a.theirs - b.theirs);
      const [best] = peers;
      if (ours === undefined || best === undefined) return [];
      const advantage = better === "more" ? ours / best.theirs : best.theirs / ours;
      return [{ figure, own: own.name, ...best, ours, advantage }];
    })
  );
}

/** The comparisons as a table; none if there are none. */
export function ratioTable(
  title: string,
  comparisons: readonly PeerComparison[],
): ReportTable[] {
  if (comparisons.length === 0) return [];
  return [{
    title,
    head: ["", "figure", "edgedoor", "best round of a peer", "peer", "edgedoor ahead by"],
    alignments: "<<>><>",
    rows: comparisons.map(({ own, figure, ours, theirs, peer, advantage }) => [
      own,
      figure,
      formatFigure(ours),
      formatFigure(theirs),
      peer,
      `${formatFigure(advantage)}×`,
    ]),
    notes: ["edgedoor's median; below 1× the peer is ahead."],
  }];
}
