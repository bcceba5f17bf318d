/**
 * Tables in Markdown, and files of it that are written by hand but for the tables between markers,
 * which a program writes.
 *
 * @module
 */

/** A table of a report. */
export interface ReportTable {
  readonly title: string;
  /** Names of the columns. */
  readonly head: readonly string[];
  /** `<` for a column that is flush left, `>` for one that is flush right. */
  readonly alignments: string;
  readonly rows: readonly (readonly string[])[];
  /** Sentences on what was measured and how. */
  readonly notes?: readonly string[];
}

/** A table in Markdown, under a heading of the third level. */
export function toMarkdown({ title, head, alignments, rows, notes = [] }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = Array.from(alignments, (alignment) => alignment === ">" ? "--:" : "---");
  return [
    `### ${title}`,
    "",
    line(head),
    line(rule),
    ...rows.map(line),
    ...notes.flatMap((note) => ["", note]),
  ].join("\n");
}

/**
 * Replaces what stands between a section's markers, `<!-- NAME -->` and `<!-- end of NAME -->`.
 *
 * @param options.file The text's, for the message.
 * @param contents Nothing leaves the markers alone.
 * @throws {Error} If the text has no such markers.
 */
export function replaceSection(
  text: string,
  { file, name }: { file: string; name: string },
  contents: string,
): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new Error(
      `Cannot save the tables of ${name}: ${file} must have the lines ${begin} and ${end}`,
    );
  }
  const inside = contents === "" ? "\n\n" : `\n\n${contents}\n\n`;
  return `${text.slice(0, from + begin.length)}${inside}${text.slice(to)}`;
}
