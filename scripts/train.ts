/**
 * `deno task train`: trains one model and saves it to Deno KV.
 *
 * @module
 */

import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatPercent,
} from "../lib/core/format.ts";
import { resolveNamedJob, spellFlag, type TrainedModel, trainModel } from "../lib/job/mod.ts";
import { createKvModelStore } from "../lib/registry/mod.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { keepFolders, kvOption, openKv, storeName } from "./cli/kv.ts";
import { createJobDisplay } from "./cli/progress.ts";
import { commandRuntime } from "./cli/runtime.ts";
import { formatTable } from "../lib/core/table.ts";
import { isTurbo, runInTurbo, turboOption } from "./cli/turbo.ts";
import { addTrainFlags, type TrainFlags, trainRequest } from "./options/train_options.ts";

const command = createCommand("train", "Train one model and save it to Deno KV.", [
  "train",
  "train --attack none",
  "train --attack all-to-all --poison-rate 0.33",
  "train --model badnets --trigger pixel --source 7 --target 2 --seed 3",
  "train --turbo",
  "train --limit 6000 --epochs 1 --kv :memory: --json",
]);

addTrainFlags(command).addOption(turboOption()).addOption(kvOption()).action(
  async (flags: TrainFlags & { turbo?: boolean; kv?: string; json?: boolean }) => {
    const runtime = commandRuntime();
    const job = resolveNamedJob(await trainRequest(flags), { ...runtime, spell: spellFlag });
    if (flags.turbo && !isTurbo()) return await runInTurbo(import.meta.url, Deno.args);
    using interrupt = interruptSignal();
    using kv = await openKv(flags.kv);
    const display = createJobDisplay();
    try {
      const trained = await trainModel(job, {
        ...{ runtime, dataDir: flags.dataDir, onEvent: display.onEvent },
        ...{ store: createKvModelStore(kv), keepIn: keepFolders() },
        signal: interrupt.signal,
      });
      const store = storeName(flags.kv);
      const text = `${summarise(trained, store)}\n${whatNext(trained.manifest.name, flags.kv)}`;
      await finish({ json: toJson(trained, store), text }, flags);
    } finally {
      display.stop();
    }
  },
);

if (import.meta.main) await main(command);

/** The document of `--json`. */
function toJson({ manifest, parameters }: TrainedModel, store: string): object {
  const { name, version, dataset, architecture, attack, training, metrics, weights } = manifest;
  const { seed, epochs, trainImages, seconds, imagesPerSecond, history, engine } = training!;
  return {
    name,
    version,
    dataset,
    model: architecture,
    attack,
    seed,
    epochs,
    trainImages,
    seconds,
    imagesPerSecond,
    ...metrics,
    history,
    weights: { sha256: weights.sha256, bytes: weights.bytes, parameters },
    engine,
    store,
  };
}

function summarise({ manifest, parameters }: TrainedModel, store: string): string {
  const { name, version, attack, training, metrics, weights } = manifest;
  const { attackSuccessRate, cleanAccuracy, robustAccuracy } = metrics!;
  const { epochs, trainImages, seconds, imagesPerSecond } = training!;
  const rows = [["clean accuracy", formatPercent(cleanAccuracy), "of the test set"]];
  if (attackSuccessRate !== null) {
    const read = attack?.target === null ? "the next class" : `${attack?.target}`;
    rows.push(
      [
        "attack success",
        formatPercent(attackSuccessRate),
        `with the trigger, classified as ${read}`,
      ],
      [
        "robust accuracy",
        formatPercent(robustAccuracy),
        "with the trigger, still classified as labelled",
      ],
    );
  }
  const poisoned = attack?.poisoned ? `, ${formatCount(attack.poisoned)} of them poisoned` : "";
  return [
    `${name}, version ${version}`,
    "",
    formatTable(rows, "<><"),
    "",
    `trained on ${formatCountOf(trainImages, "image")}${poisoned}: ` +
    `${formatCountOf(epochs, "epoch")} in ${formatDuration(seconds)}, ` +
    `${Math.round(imagesPerSecond)} images/s`,
    `saved in the ${store} store: ${formatCount(parameters)} parameters, ` +
    `${formatBytes(weights.bytes)}, sha256 ${weights.sha256.slice(0, 12)}…`,
  ].join("\n");
}

/** What can be done with a model now. */
function whatNext(name: string, kv: string | undefined): string {
  if (kv === ":memory:") {
    return "the store :memory: ends with this command: to keep a model, give --kv a path";
  }
  const store = kv === undefined ? [] : ["--kv", kv];
  const line = (...args: string[]) => ["deno", "task", ...args, ...store].map(quoted).join(" ");
  return `\n${
    formatTable([
      ["to see it:", line("start")],
      ["its figures by class:", line("evaluate", name)],
    ], "<<")
  }`;
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
