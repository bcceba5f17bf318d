/**
 * `deno task build`: makes the committed artefacts, or checks that they are what the sources make.
 *
 * @module
 */

import { absentAsNull } from "../lib/core/absent_as_null.ts";
import type { Artefact } from "./artefacts/artefact.ts";
import { bundledModels } from "./artefacts/bundled_models.ts";
import { clientBundle } from "./artefacts/client_bundle.ts";
import { imageModule } from "./artefacts/image_module.ts";
import { kernelModules } from "./artefacts/kernel_module.ts";
import { resultPictures } from "./artefacts/result_pictures.ts";
import { resultsDocument } from "./artefacts/results_document.ts";
import { samples } from "./artefacts/samples.ts";
import { type CommandResult, createCommand, finish, main } from "./cli/cli.ts";

/** All that is built and committed. */
const artefacts: readonly Artefact[] = [
  clientBundle,
  ...kernelModules,
  imageModule,
  ...samples,
  bundledModels,
  resultsDocument,
  ...resultPictures,
];

/** What became of one artefact. */
interface Outcome {
  readonly path: string;
  readonly bytes: number;
  /** `"stale"` only where nothing is written (`--check`). */
  readonly state: "unchanged" | "written" | "stale";
}

/** Builds one artefact and compares it with the committed file. */
async function make({ path, build }: Artefact, { check }: { check: boolean }): Promise<Outcome> {
  const url = new URL(`../${path}`, import.meta.url);
  const built = await build();
  const committed = await absentAsNull(Deno.readFile(url));
  if (committed && equal(committed, built)) {
    return { path, bytes: built.length, state: "unchanged" };
  }
  if (!check) await Deno.writeFile(url, built);
  return { path, bytes: built.length, state: check ? "stale" : "written" };
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function summarise(outcomes: readonly Outcome[]): CommandResult {
  const stale = outcomes.some(({ state }) => state === "stale");
  const lines = outcomes.map(({ path, bytes, state }) =>
    `${state.padEnd(10)}${path}, ${bytes} bytes`
  );
  if (stale) {
    lines.push("Stale files are not what the sources make: run deno task build, commit them.");
  }
  return {
    json: { artefacts: outcomes },
    text: lines.join("\n"),
    status: stale ? 1 : 0,
  };
}

const command = createCommand("build", "Build the files that are committed built.", [
  "build",
  "build --check",
])
  .option("--check", "write nothing; exit with status 1 where a committed file is stale")
  .action(async (options: { check?: boolean; json?: boolean }) => {
    const outcomes: Outcome[] = [];
    for (const artefact of artefacts) {
      outcomes.push(await make(artefact, { check: options.check ?? false }));
    }
    await finish(summarise(outcomes), options);
  });

if (import.meta.main) await main(command);
