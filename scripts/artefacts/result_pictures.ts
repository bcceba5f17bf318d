/**
 * The README's pictures of results: figures of the reports, as files of their own.
 *
 * @module
 */

import { type ExperimentName, makeReport } from "../../lib/report/mod.ts";
import type { Artefact } from "./artefact.ts";
import { committedResults } from "./committed_results.ts";

/** The figures that are shown, by the names that their reports give them. */
const SHOWN: readonly (readonly [ExperimentName, figure: string])[] = [
  ["badnets", "pattern-backdoor-error"],
  ["clean-label", "mnist-success-by-share"],
];

/** `fixtures/EXPERIMENT-FIGURE.svg`: black on white, whatever page they are shown on. */
export const resultPictures: readonly Artefact[] = SHOWN.map(([experiment, figure]) => ({
  path: `fixtures/${experiment}-${figure}.svg`,
  async build() {
    const { sections } = makeReport(await committedResults(experiment));
    const found = sections.flatMap(({ figures }) => figures).find(({ name }) => name === figure);
    if (found === undefined) {
      throw new Error(`Cannot draw ${figure}: the report on ${experiment} must have it`);
    }
    const drawing = found.drawing.replace(
      /^<svg /,
      '<svg color="black" style="background:white" ',
    );
    return new TextEncoder().encode(`${drawing}\n`);
  },
}));
