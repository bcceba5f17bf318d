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
