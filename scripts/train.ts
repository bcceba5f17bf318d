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
import { createKvModelStore, keyId, type ModelManifest } from "../lib/registry/mod.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { keepFolders, kvOption, openKv, storeName } from "./cli/kv.ts";
import { createJobDisplay } from "./cli/progress.ts";
import { commandRuntime } from "./cli/runtime.ts";
import { SIGNING_KEY, signingKey } from "./cli/signing.ts";
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
  "train --sign ~/.config/edgedoor/signing-key.json",
]);

interface Flags extends TrainFlags {
  readonly turbo?: boolean;
  readonly kv?: string;
  readonly sign?: string;
  readonly json?: boolean;
}

addTrainFlags(command).addOption(turboOption()).addOption(kvOption()).option(
  "--sign <file>",
  `sign the model with this key, which models keygen makes (default: ${SIGNING_KEY})`,
).action(
  async (flags: Flags) => {
    const runtime = commandRuntime();
    const job = resolveNamedJob(await trainRequest(flags), { ...runtime, spell: spellFlag });
    const key = await signingKey(flags.sign);
    if (flags.turbo && !isTurbo()) return await runInTurbo(import.meta.url, Deno.args);
    using interrupt = interruptSignal();
    using kv = await openKv(flags.kv);
    const display = createJobDisplay();
    try {
      const trained = await trainModel(job, {
        ...{ runtime, dataDir: flags.dataDir, onEvent: display.onEvent },
        ...{ store: createKvModelStore(kv, { key }), keepIn: keepFolders() },
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
    signature: signerOf(manifest),
  };
}

/** Who signed a manifest that was just saved; `null` if nobody did. */
function signerOf({ signature }: ModelManifest): { key: string; signer: string | null } | null {
  return signature ? { key: keyId(signature.key), signer: signature.signer ?? null } : null;
}

function summarise({ manifest, parameters }: TrainedModel, store: string): string {
  const { name, version, attack, training, metrics, weights } = manifest;
  const { attackSuccessRate, cleanAccuracy, robustAccuracy } = metrics!;
  const { epochs, trainImages, seconds, imagesPerSecond } = training!;
  const signed = signerOf(manifest);
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
    `${formatBytes(weights.bytes)}, sha256 ${weights.sha256.slice(0, 12)}…` +
    (signed === null ? "" : `, signed with the key ${signed.key}`),
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
