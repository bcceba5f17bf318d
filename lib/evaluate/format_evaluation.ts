/**
 * An evaluation in plain text.
 *
 * @module
 */

import { formatCount, formatPercent } from "../core/format.ts";
import { formatTable } from "../core/table.ts";
import type { AttackEvaluation } from "./attack.ts";
import type { Evaluation } from "./evaluate.ts";

/**
 * The figures of an evaluation, and its tables by class, for people.
 *
 * @param labels The name of each class.
 */
export function formatEvaluation(
  { clean, attack }: Evaluation,
  labels: readonly string[],
): string {
  const images = clean.confusion.flat().reduce((sum, count) => sum + count, 0);
  const rows = [
    ["clean accuracy", formatPercent(clean.cleanAccuracy), `of ${formatCount(images)} images`],
  ];
  if (attack !== null) {
    const of = `of ${formatCount(attack.victims)} images with the trigger`;
    rows.push(
      ["attack success", formatPercent(attack.attackSuccessRate), of],
      [
        "",
        formatPercent(attack.flipRate),
        `of ${formatCount(attack.flippable)} that are not classified as the target without it`,
      ],
      ["robust accuracy", formatPercent(attack.robustAccuracy), of],
    );
  }
  const perClass = [
    ["CLASS", "ACCURACY", ...labels],
    ...clean.confusion.map((row, label) => [
      labels[label]!,
      formatPercent(clean.perClass[label]),
      ...row.map(formatCell),
    ]),
  ];
  return [
    formatTable(rows, "<><"),
    "",
    "images of each class by what they were classified as",
    "",
    formatTable(perClass, `<>${">".repeat(labels.length)}`),
    ...attack === null ? [] : ["", "the same with the trigger", "", formatPairs(attack, labels)],
  ].join("\n");
}

/** A row for each class that the attack has a target for. */
function formatPairs(
  { pairs, triggeredConfusion }: AttackEvaluation,
  labels: readonly string[],
): string {
  const rows = pairs.map(({ source, target, attackSuccessRate, flipRate, robustAccuracy }) => [
    labels[source]!,
    labels[target]!,
    ...[attackSuccessRate, flipRate, robustAccuracy].map(formatPercent),
    ...triggeredConfusion[source]!.map(formatCell),
  ]);
  return formatTable(
    [["CLASS", "TARGET", "SUCCESS", "FLIPPED", "ROBUST", ...labels], ...rows],
    `<<>>>${">".repeat(labels.length)}`,
  );
}

/** A count in a table that is mostly zero. */
function formatCell(count: number): string {
  return count === 0 ? "·" : formatCount(count);
}
