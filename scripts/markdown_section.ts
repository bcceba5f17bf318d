/**
 * Files of Markdown that are text by hand and, between markers, tables that a program writes.
 *
 * @module
 */

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
