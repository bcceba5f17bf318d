/**
 * `deno task bundle`: copies trained models from Deno KV into `fixtures/models/`, in half precision,
 * with the figures measured again on what is written: the models that a fresh deployment serves.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import { sha256 } from "../lib/core/digest.ts";
import { NotFoundError } from "../lib/core/errors.ts";
import { loadDataset } from "../lib/data/mod.ts";
import {
  createKvModelStore,
  decodeArtifacts,
  decodeModel,
  encodeArtifacts,
  type ModelManifest,
  type ModelMetrics,
  type ModelStore,
  writeFixture,
} from "../lib/registry/mod.ts";
import { commandRuntime } from "./cli/runtime.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { attackOfModel, evaluateLoadedModel, metricsOf, startBackend } from "../lib/job/mod.ts";
import { formatBytes, formatPercent } from "../lib/core/format.ts";
import { kvOption, openKv } from "./cli/kv.ts";
import { printLine } from "./cli/print_line.ts";
import { requireFolder } from "./cli/require_place.ts";
import { formatTable } from "./cli/table.ts";

interface Options {
  readonly out?: string;
  readonly kv?: string;
  readonly json?: boolean;
}

interface Bundled {
  readonly name: string;
  readonly bytes: number;
  /** As trained, in float32. */
  readonly trained: ModelMetrics;
  /** As bundled, in float16. */
  readonly bundled: ModelMetrics;
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
    await startBackend(commandRuntime());
    const models: Bundled[] = [];
    for (const name of names) {
      models.push(await bundle(store, { name, directory, signal: interrupt.signal }));
    }
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

async function bundle(
  store: ModelStore,
  { name, directory, signal }: { name: string; directory: URL; signal: AbortSignal },
): Promise<Bundled> {
  const found = await store.find(name);
  if (!found?.dataset || found.metrics === null) {
    throw new NotFoundError(
      `Cannot bundle model "${name}": the store must hold one of this name that train saved; ` +
        "see deno task models list",
    );
  }
  await requireFolder(fileURLToPath(directory), "--out");
  const blob = encodeArtifacts(decodeArtifacts(await store.read(found)), { halfPrecision: true });
  const model = await decodeModel(blob);
  const { test } = await loadDataset(found.dataset, { note: printLine });
  const bundled = metricsOf(
    await evaluateLoadedModel(model, {
      runtime: commandRuntime(),
      test,
      attack: attackOfModel(found),
      signal,
    }),
  );
  model.dispose();
  const { source: _, ...manifest } = found;
  const written: ModelManifest = {
    ...manifest,
    metrics: bundled,
    weights: { sha256: await sha256(blob), bytes: blob.length, chunks: 1 },
  };
  await writeFixture(directory, written, blob);
  return { name, bytes: blob.length, trained: found.metrics, bundled };
}
