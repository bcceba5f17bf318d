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
  /** Authors, title and section of the paper. */
  readonly paper: string;
  /** Where the paper can be read, if it is published. */
  readonly paperUrl: string | null;
  /** What is to be expected of a quick run, if it might be taken for a fault. */
  readonly quickRemark?: string;
  readonly comparisons: (results: ExperimentResults) => Comparison[];
  readonly sections: (results: ExperimentResults) => Section[];
}

const definitions: Readonly<Record<ExperimentName, ReportDefinition>> = {
  "article": {
    title: "The article's backdoors",
    paper: "Useloff, Adversarial Learning: Backdoor Attacks",
    paperUrl: null,
    comparisons: articleComparisons,
    sections: articleSections,
  },
  "badnets": {
    title: "BadNets on MNIST",
    paper: "Gu, Dolan-Gavitt, Garg: BadNets, arXiv 1708.06733, section 3",
    paperUrl: "https://arxiv.org/abs/1708.06733",
    quickRemark:
      "A single pixel is not learnt from so few images. By the pixel, a backdoor error of " +
      "some 96 % for a single target and of some 67 % for all-to-all is expected here, the latter " +
      "with a clean error above 30 %.",
    comparisons: badnetsComparisons,
    sections: badnetsSections,
  },
  "clean-label": {
    title: "Clean-label backdoors",
    paper: "Turner, Tsipras, Mądry: Clean-Label Backdoor Attacks",
    paperUrl: "https://people.csail.mit.edu/madry/lab/cleanlabel.pdf",
    comparisons: (results) => [...cleanLabelComparisons(results), ...filterComparisons(results)],
    sections: (results) => [...cleanLabelSections(results), ...filterSections(results)],
  },
};

/** The experiments on which there are reports. */
export const experimentNames = Object.keys(definitions) as readonly ExperimentName[];

/** The title of an experiment's report. */
export function titleOf(experiment: ExperimentName): string {
  return definitions[experiment].title;
}

/** Makes the report of an experiment, from its results alone: the same ones make the same report. */
export function makeReport(results: ExperimentResults): Report {
  const { title, paper, paperUrl, quickRemark = null, comparisons, sections } =
    definitions[results.experiment];
  const rows = comparisons(results);
  return {
    title,
    paper,
    paperUrl,
    remark: results.quick ? quickRemark : null,
    results,
    comparisons: results.quick
      // A verdict on a few images would be one on nothing, and some figures have no models here.
      ? rows.filter(({ isPlanned }) => isPlanned)
        .map((row) => ({ ...row, verdict: null, rule: "" }))
      : rows,
    sections: sections(results),
  };
}
