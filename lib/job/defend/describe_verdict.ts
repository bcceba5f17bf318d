/**
 * Verdicts in words, for someone who is about to use the model.
 *
 * @module
 */

import { formatCount, formatCountOf, formatShare } from "../../core/format.ts";
import type { NullThreshold } from "../../defence/mod.ts";
import type { ModelVerdict } from "./inspect_model.ts";
import type { InputVerdict } from "./screen_input.ts";
import type { RowTruth, RowVerdict } from "./screen_rows.ts";

/** A class by its number and, if it has another one, its name. */
export function nameClass(label: number, labels: readonly string[]): string {
  const name = labels[label] ?? String(label);
  return name === String(label) ? `class ${label}` : `class ${label} (${name})`;
}

/** What a defence says of a model. */
export function describeModelVerdict(
  verdict: Omit<ModelVerdict, "perClass" | "beside" | "cost">,
  labels: readonly string[],
): string {
  const { title, suspicious, suspect, statistic, trigger } = verdict;
  const where = nameClass(suspect, labels);
  if (!suspicious) {
    return `${title} finds no sign of a backdoor: ${compare(verdict, statistic)} ` +
      "Other defences may find what this one does not.";
  }
  const stamp = trigger === null
    ? ""
    : ` A stamp that was worked out from the model turns ${
      formatShare(trigger.attackSuccess)
    } of ` +
      `clean images into ${where}.`;
  return `${title} takes the model for backdoored: something leads it to ${where}; ` +
    `${compare(verdict, statistic)}${stamp}`;
}

/** What a defence says of an image. */
export function describeInputVerdict(
  { title, isNullModel, refused, score, threshold, falseAlarmRate, clean }: InputVerdict,
): string {
  const higher = clean.scored - clean.below;
  const than = higher === 0
    ? `higher than all ${formatCount(clean.scored)} clean images`
    : `and ${formatCount(higher)} of ${formatCount(clean.scored)} clean images score as high`;
  return `${title}${isNullModel ? " (no defence, for comparison)" : ""} ` +
    `${refused ? "refuses" : "accepts"} the image: it scores ${figure(score)}, ${than}; above ` +
    `${figure(threshold)}, at most ${formatShare(falseAlarmRate)} of clean images are refused.`;
}

/** What a defence says of a training set; of a set of which it is known, how right that is. */
export function describeRowVerdict(
  verdict: Omit<RowVerdict, "scores" | "statistics" | "cost">,
  { labels, truth }: { readonly labels: readonly string[]; readonly truth: RowTruth | null },
): string {
  const { title, suspicious, statistic, flagged } = verdict;
  const where = nameClass(verdict.class, labels);
  const found = truth === null || truth.recall === null
    ? ""
    : ` In truth ${formatCountOf(truth.poisoned, "row")} are poisoned: it flags ` +
      `${formatShare(truth.recall)} of them and ${formatShare(truth.falsePositiveRate ?? 0)} of ` +
      "the others.";
  if (!suspicious) {
    return `${title} finds no sign of poisoned rows; the likeliest are those labelled ` +
      `${where}: ${compare(verdict, statistic)}${found}`;
  }
  return `${title} takes the training set for poisoned: rows labelled ${where} are not all what ` +
    `they should be, and ${formatCountOf(flagged.length, "row")} are flagged; ` +
    `${compare(verdict, statistic)}${found}`;
}

/**
 * What the mistakes of several defences add up to, at most.
 *
 * @param rates Of false alarms, one a defence.
 * @param what Of what: `"images"`.
 */
export function describeTogether(rates: readonly number[], what: string): string {
  const sum = Math.min(1, rates.reduce((total, rate) => total + rate, 0));
  return `If one of ${rates.length} defences is enough, at most ${
    formatShare(sum)
  } of clean ${what} ` +
    "are taken for others.";
}

/** A statistic among those of clean models, and what would be a false alarm. */
function compare(
  { null: { models, largest, threshold, falseAlarmRate, fittedRate }, pValue }: {
    readonly null: NullThreshold;
    readonly pValue: number;
  },
  statistic: number,
): string {
  const asLarge = Math.round(pValue * (models + 1)) - 1;
  const clean = asLarge === 0
    ? `more than any of ${models} clean models had (at most ${figure(largest)})`
    : `and ${asLarge} of ${models} clean models had as much`;
  return `its statistic is ${figure(statistic)}, ${clean}; above ${figure(threshold)} a model is ` +
    `called suspicious, which at most 1 in ${Math.round(1 / falseAlarmRate)} clean models is ` +
    `(${formatShare(fittedRate)} by the fitted tail).`;
}

/** A number with three figures. */
function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "infinite";
}
