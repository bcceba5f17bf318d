/**
 * What there is to choose from, a sentence each, for `train --help`.
 *
 * @module
 */

import { datasetDefinitions } from "../../lib/data/mod.ts";
import { architectures } from "../../lib/model/mod.ts";
import { attackDefinitions } from "../../lib/poison/mod.ts";
import { recipes } from "../../lib/train/mod.ts";
import { triggerDefinitions } from "../../lib/trigger/mod.ts";
import { formatTable } from "../../lib/core/table.ts";

interface Choice {
  readonly name: string;
  readonly summary: string;
}

const named = ({ kind, summary }: { kind: string; summary: string }) => ({ name: kind, summary });

const choices: Readonly<Record<string, readonly Choice[]>> = {
  "Data sets": datasetDefinitions,
  "Attacks": attackDefinitions.map(named),
  "Triggers": triggerDefinitions.map(named),
  "Networks": architectures,
  "Recipes": recipes,
};

/** A heading for each kind of choice, and under it a line for each of them. */
export function describeChoices(): string {
  const rows = Object.entries(choices).flatMap(([title, entries]) => [
    [`\n${title}:`],
    ...entries.map(({ name, summary }) => [`  ${name}`, summary]),
  ]);
  return formatTable(rows, "<<");
}
