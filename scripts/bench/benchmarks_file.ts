/**
 * `BENCHMARKS.md`: text by hand, and between markers the tables that were measured last.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { writeAtomically } from "../write_atomically.ts";
import { formatMachine, type Machine } from "./machine.ts";
import { type Section, toMarkdown } from "./report.ts";

const path = fileURLToPath(new URL("../../BENCHMARKS.md", import.meta.url));

/** How the sections of one run were measured. */
export interface Provenance {
  readonly machine: Machine;
  /** The command line, for example `"deno task bench:train --peers"`. */
  readonly command: string;
}

/**
 * Replaces the file's sections by those that were measured.
 *
 * @throws {Error} If the file has no place for one of them.
 */
export async function saveSections(
  sections: readonly Section[],
  provenance: Provenance,
): Promise<void> {
  const text = sections.reduce(
    (text, section) => replaceSection(text, section.name, toDocument(section, provenance)),
    await Deno.readTextFile(path),
  );
  await writeAtomically(path, new TextEncoder().encode(text));
  // The formatter knows how wide Markdown's columns are to be.
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
}

/**
 * Replaces what stands between a section's markers, `<!-- NAME -->` and `<!-- end of NAME -->`.
 *
 * @throws {Error} If the text has no such markers.
 */
export function replaceSection(text: string, name: string, contents: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new Error(
      `Cannot save the tables of ${name}: BENCHMARKS.md must have the lines ${begin} and ${end}`,
    );
  }
  return `${text.slice(0, from + begin.length)}\n\n${contents}\n\n${text.slice(to)}`;
}

function toDocument({ tables }: Section, { machine, command }: Provenance): string {
  return [
    ...tables.map(toMarkdown),
    `Measured by \`${command}\` on ${formatMachine(machine)}.`,
  ].join("\n\n");
}
