/**
 * `BENCHMARKS.md`: text by hand, and between markers the tables that were measured last.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { replaceSection } from "../../lib/report/markdown.ts";
import { writeAtomically } from "../../lib/core/write_atomically.ts";
import { formatMachine, type Machine } from "./machine.ts";
import type { Section } from "./report.ts";
import { toMarkdown } from "../../lib/report/markdown.ts";

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
    (text, section) =>
      replaceSection(
        text,
        { file: "BENCHMARKS.md", name: section.name },
        toDocument(section, provenance),
      ),
    await Deno.readTextFile(path),
  );
  await writeAtomically(path, new TextEncoder().encode(text));
  // The formatter knows how wide Markdown's columns are to be.
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path] }).output();
}

function toDocument({ tables }: Section, { machine, command }: Provenance): string {
  return [
    ...tables.map(toMarkdown),
    `Measured by \`${command}\` on ${formatMachine(machine)}.`,
  ].join("\n\n");
}
