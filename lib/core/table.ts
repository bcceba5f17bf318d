/**
 * Tables in plain text.
 *
 * @module
 */

/**
 * Aligns cells in columns, two spaces apart.
 *
 * @param rows The cells; the first row is the head.
 * @param alignments `<` for a column that is flush left, `>` for one that is flush right.
 * @returns Lines without trailing spaces.
 *
 * @example
 * ```ts
 * import { formatTable } from "./table.ts";
 * import assert from "node:assert/strict";
 *
 * const table = formatTable([["NAME", "SIZE"], ["mnist", "4.8 MB"]], "<>");
 * assert.equal(table, "NAME     SIZE\nmnist  4.8 MB");
 * ```
 */
export function formatTable(rows: readonly (readonly string[])[], alignments: string): string {
  const widths = Array.from(
    alignments,
    (_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    widths.map((width, column) => {
      const cell = row[column] ?? "";
      return alignments[column] === ">" ? cell.padStart(width) : cell.padEnd(width);
    }).join("  ").trimEnd()
  ).join("\n");
}

/** How a table is made to fit. */
export interface FitOptions {
  /** Characters that a line may have. */
  readonly width: number;
  /** Columns that may be left out, the first first. */
  readonly spare?: readonly number[];
}

/** No name is cut to fewer characters. */
const SHORTEST_NAME = 24;

/**
 * Aligns cells in columns as `formatTable` does, in lines that fit: columns are left out, and then
 * the texts of the first one are cut in their middle, where names made of options differ least.
 *
 * @example
 * ```ts
 * import { fitTable } from "./table.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = [["NAME", "KIND", "SIZE"], ["mnist-article-single-target-pattern", "x", "4.8 MB"]];
 * const table = fitTable(rows, "<<>", { width: 34, spare: [1] });
 * assert.equal(table.split("\n")[1], "mnist-article…rget-pattern  4.8 MB");
 * ```
 */
export function fitTable(
  rows: readonly (readonly string[])[],
  alignments: string,
  { width, spare = [] }: FitOptions,
): string {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const nameWidth = widthOf(0);
  let columns = Array.from(alignments, (_, column) => column);
  /** How much too wide the table is if names had this width. */
  const excess = (name: number) =>
    columns.slice(1).reduce((sum, column) => sum + 2 + widthOf(column), name) - width;
  for (const column of spare) {
    if (excess(Math.min(nameWidth, SHORTEST_NAME)) <= 0) break;
    columns = columns.filter((each) => each !== column);
  }
  const room = Math.max(Math.min(nameWidth, SHORTEST_NAME), nameWidth - excess(nameWidth));
  return formatTable(
    rows.map((row) =>
      columns.map((column) => column === 0 ? cutMiddle(row[0] ?? "", room) : row[column] ?? "")
    ),
    columns.map((column) => alignments[column]).join(""),
  );
}

function cutMiddle(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - end)}…${text.slice(text.length - end)}`;
}
