/**
 * Reports from results.
 *
 * @module
 */

import { articleComparisons, articleSections } from "./article.ts";
import { badnetsComparisons } from "./badnets.ts";
import { badnetsSections } from "./badnets_sections.ts";
import { cleanLabelComparisons, cleanLabelSections } from "./clean_label.ts";
import { filterComparisons, filterSections } from "./filter.ts";
import type { Comparison, Report, Section } from "./report.ts";
import type { ExperimentName, ExperimentResults } from "./results.ts";

/** How the report of an experiment is made. */
interface ReportDefinition {
  readonly title: string;
  readonly subtitle: string;
  readonly comparisons: (results: ExperimentResults) => Comparison[];
  readonly sections: (results: ExperimentResults) => Section[];
}

const definitions: Readonly<Record<ExperimentName, ReportDefinition>> = {
  "article": {
    title: "The article's backdoors",
    subtitle: "Useloff, Adversarial Learning: Backdoor Attacks",
    comparisons: articleComparisons,
    sections: articleSections,
  },
  "badnets": {
    title: "BadNets on MNIST",
    subtitle: "Gu, Dolan-Gavitt, Garg: BadNets, arXiv 1708.06733, section 3",
    comparisons: badnetsComparisons,
    sections: badnetsSections,
  },
  "clean-label": {
    title: "Clean-label backdoors",
    subtitle: "Turner, Tsipras, Mądry: Clean-Label Backdoor Attacks",
    comparisons: (results) => [...cleanLabelComparisons(results), ...filterComparisons(results)],
    sections: (results) => [...cleanLabelSections(results), ...filterSections(results)],
  },
};

/** Makes the report of an experiment, from its results alone: the same ones make the same report. */
export function makeReport(results: ExperimentResults): Report {
  const { title, subtitle, comparisons, sections } = definitions[results.experiment];
  return {
    title,
    subtitle,
    results,
    comparisons: comparisons(results).map((comparison) =>
      // A verdict on a few images would be one on nothing.
      results.quick ? { ...comparison, verdict: null } : comparison
    ),
    sections: sections(results),
  };
}
