/**
 * `deno task bundle`: copies trained models from Deno KV into `fixtures/models/`, in half precision,
 * with the figures measured again on what is written: the models that a fresh deployment serves.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { formatBytes, formatPercent } from "../lib/core/format.ts";
import { formatTable } from "../lib/core/table.ts";
import { type BundledModel, bundleModel, requireTrained, startBackend } from "../lib/job/mod.ts";
import { createKvModelStore } from "../lib/registry/mod.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { kvOption, openKv } from "./cli/kv.ts";
import { createJobDisplay } from "./cli/progress.ts";
import { requireFolder } from "./cli/require_place.ts";
import { commandRuntime } from "./cli/runtime.ts";

interface Options {
  readonly out?: string;
  readonly kv?: string;
  readonly json?: boolean;
}

const command = createCommand("bundle", "Bundle trained models with the source.", [
  "bundle mnist-article-single-target-pattern mnist-article-clean",
])
  .argument("<models...>", "the models' names in the store")
  .option("--out <folder>", "where to write them (default: fixtures/models)")
  .addOption(kvOption())
  .action(async (names: string[], options: Options) => {
    const directory = options.out === undefined
      ? new URL("../fixtures/models/", import.meta.url)
      : pathToFileURL(options.out);
    using interrupt = interruptSignal("models before this one were written; run the command again");
    using kv = await openKv(options.kv);
    const store = createKvModelStore(kv);
    const runtime = commandRuntime();
    const manifests = await Promise.all(names.map((name) => requireTrained(store, name)));
    await requireFolder(fileURLToPath(directory), "--out");
    await startBackend(runtime);
    const models: BundledModel[] = [];
    const { onEvent, stop } = createJobDisplay();
    for (const manifest of manifests) {
      const { signal } = interrupt;
      models.push(
        await bundleModel(store, manifest, { directory, runtime, onEvent, signal }),
      );
    }
    stop();
    await finish({
      json: { models },
      text: formatTable([
        ["NAME", "SIZE", "CLEAN", "BUNDLED", "SUCCESS", "BUNDLED"],
        ...models.map(({ name, bytes, trained, bundled }) => [
          name,
          formatBytes(bytes),
          formatPercent(trained.cleanAccuracy),
          formatPercent(bundled.cleanAccuracy),
          formatPercent(trained.attackSuccessRate),
          formatPercent(bundled.attackSuccessRate),
        ]),
      ], "<>>>>>"),
    }, options);
  });

if (import.meta.main) await main(command);
