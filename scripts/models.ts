/**
 * `deno task models`: what the store holds.
 *
 * @module
 */

import { NotFoundError } from "../lib/core/errors.ts";
import { createKvModelStore } from "../lib/registry/kv_store.ts";
import type { ModelAttack, ModelManifest } from "../lib/registry/manifest.ts";
import type { ModelStore, Removal, VerifiedVersion } from "../lib/registry/store.ts";
import { isImageManifest, isSequenceManifest, type TriggerManifest } from "../lib/trigger/mod.ts";
import { triggerName } from "../lib/trigger/trigger_name.ts";
import { type CommandResult, createCommand, finish, main } from "./cli/cli.ts";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatPercent,
} from "../lib/core/format.ts";
import { kvOption, openKv } from "./cli/kv.ts";
import { formatTable } from "./cli/table.ts";
import {
  formatWhichModel,
  parseWhichModel,
  type WhichModel,
  whichModelHelp,
} from "./cli/which_model.ts";

interface Options {
  readonly json?: boolean;
  readonly kv?: string;
}

const command = createCommand("models", "List, show, verify and delete stored models.", [
  "models list",
  "models show mnist-article-single-target-pattern",
  "models verify",
  "models delete mnist-article-single-target-pattern@2",
]).addOption(kvOption()).configureHelp({ showGlobalOptions: true });

command.command("list")
  .addHelpText("after", "\nExample:\n  deno task models list --json")
  .description("list the models that are served, newest first")
  .action(() => run(list));
command.command("show")
  .addHelpText("after", "\nExample:\n  deno task models show mnist-article-single-target-pattern")
  .description("show one model: its figures, its training, its versions")
  .argument("<model>", whichModelHelp)
  .action((which: string) => run((store) => show(store, parseWhichModel(which))));
command.command("verify")
  .addHelpText("after", "\nExample:\n  deno task models verify mnist-article-single-target-pattern")
  .description("read every byte again and compare digests; status 1 where something is wrong")
  .argument("[model]", `${whichModelHelp}; all where left out`)
  .action((which?: string) => run((store) => verify(store, which ? parseWhichModel(which) : {})));
command.command("delete")
  .addHelpText(
    "after",
    "\nExample:\n  deno task models delete mnist-article-single-target-pattern@2",
  )
  .description("delete a model, or one version of it, and what only it used")
  .argument("<model>", whichModelHelp)
  .action((which: string) => run((store) => remove(store, parseWhichModel(which))));

if (import.meta.main) await main(command);

async function run(action: (store: ModelStore) => Promise<CommandResult>): Promise<void> {
  const { kv: where, json } = command.opts<Options>();
  using kv = await openKv(where);
  await finish(await action(createKvModelStore(kv)), { json });
}

async function list(store: ModelStore): Promise<CommandResult> {
  const models = await store.list();
  const text = models.length === 0 ? "No models yet: deno task train makes one." : formatTable([
    ["NAME", "VERSION", "ARCHITECTURE", "DATASET", "ATTACK", "CLEAN", "SUCCESS", "SIZE", "SAVED"],
    ...models.map((model) => [
      model.name,
      model.version,
      model.architecture,
      model.dataset ?? "unknown",
      model.attack?.kind ?? "unknown",
      formatPercent(model.metrics?.cleanAccuracy),
      formatPercent(model.metrics?.attackSuccessRate),
      formatBytes(model.weights.bytes),
      when(model.createdAt),
    ]),
  ], "<><<<>>><");
  return { json: { models }, text };
}

async function show(store: ModelStore, { name, version }: WhichModel): Promise<CommandResult> {
  const versions = await store.versions(name);
  const served = await store.find(name);
  const model = version === undefined ? served : versions.find((each) => each.version === version);
  if (!model) {
    throw new NotFoundError(
      `Cannot show model "${formatWhichModel({ name, version })}": the store has none ` +
        `such; see deno task models list`,
    );
  }
  const { training, metrics, weights } = model;
  const depth = training?.depth === undefined ? "" : ` of depth ${training.depth}`;
  const rows = [
    ["version", `${model.version}${model.version === served?.version ? ", served" : ""}`],
    ["saved", when(model.createdAt)],
    ["architecture", `${model.architecture}${depth}, input ${model.input.join("×")}`],
    ["data set", model.dataset ?? "unknown"],
    ["attack", describeAttack(model.attack)],
    ...describePerturbation(model.attack),
    ["clean accuracy", formatPercent(metrics?.cleanAccuracy)],
    ["attack success", formatPercent(metrics?.attackSuccessRate)],
    ["robust accuracy", formatPercent(metrics?.robustAccuracy)],
    ["training", describeTraining(training)],
    ["labels", model.labels.join(", ")],
    [
      "weights",
      `${formatBytes(weights.bytes)} in ${weights.chunks} chunks, sha256 ${weights.sha256}`,
    ],
    ["all versions", versions.map((each) => each.version).join(", ")],
  ];
  const json = {
    model,
    current: served?.version ?? null,
    versions: versions.map((each) => each.version),
  };
  return { json, text: `${model.name}\n\n${formatTable(rows, "<<")}` };
}

async function verify(
  store: ModelStore,
  { name, version }: Partial<WhichModel>,
): Promise<CommandResult> {
  const models = await store.verify(name, version);
  const bad = models.filter(({ problem }) => problem !== null);
  const table = formatTable([
    ["MODEL", "VERSION", "", "SIZE", "STATE"],
    ...models.map(({ name, version, current, problem, weights }) => [
      name,
      version,
      current ? "served" : "",
      weights === null ? "?" : formatBytes(weights.bytes),
      problem ?? `good, sha256 ${weights?.sha256.slice(0, 12)}`,
    ]),
  ], "<><><");
  const advice = bad.filter(({ current }) => current).map((entry) => adviseOn(entry, models));
  const summary = models.length === 0
    ? ["The store has no models."]
    : [`${models.length - bad.length} of ${models.length} versions are good.`, ...advice];
  return {
    json: { ok: bad.length === 0, models },
    text: (models.length === 0 ? summary : [table, "", ...summary]).join("\n"),
    status: bad.length === 0 ? 0 : 1,
  };
}

/** What to do where the served version is the broken one. */
function adviseOn({ name, version }: VerifiedVersion, all: readonly VerifiedVersion[]): string {
  const good = all.find((each) => each.name === name && each.problem === null);
  return good === undefined
    ? `No good version of ${name} is left: train it again.`
    : `Version ${good.version} of ${name} is good; to serve it: deno task models delete ` +
      `${name}@${version}`;
}

async function remove(store: ModelStore, { name, version }: WhichModel): Promise<CommandResult> {
  const removal: Removal = await store.remove(name, version);
  const { versions, current, blobs } = removal;
  const text = [
    `Deleted ${[name, ...versions.map((each) => `version ${each}`)].join(", ")}.`,
    current === null ? "" : `Version ${current} is served.`,
    blobs.length === 0 ? "Its weights stay: something else uses them." : "",
  ].filter(Boolean).join(" ");
  return { json: { name, ...removal }, text };
}

function describeAttack(attack: ModelAttack | null): string {
  if (attack === null) return "unknown";
  if (attack.kind === "none") return "none";
  const { trigger, source, target, poisonRate, poisoned } = attack;
  const mark = trigger === null
    ? "no trigger"
    : `${triggerName(trigger)} trigger${describeParameters(trigger)}`;
  return `${attack.kind}, ${mark}, source ${source}, target ${target ?? "next class"}, ` +
    `${formatPercent(poisonRate)} poisoned (${formatCount(poisoned)} images)`;
}

/** A row on what was done to images before the trigger, of clean-label alone. */
function describePerturbation(attack: ModelAttack | null): string[][] {
  if (!attack?.perturbation) return [];
  const drawn = attack.withReplacement ? "drawn with replacement" : "images all different";
  return [["perturbation", `${describeOptions(attack.perturbation)}; ${drawn}`]];
}

/** `{ kind: "pgd", epsStep: 0.1 }` as `kind pgd, eps step 0.1`; what is nested, in brackets. */
function describeOptions(options: object): string {
  return Object.entries(options).map(([name, value]) => {
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return typeof value === "object" ? `${words} (${describeOptions(value)})` : `${words} ${value}`;
  }).join(", ");
}

/** What can be said of a trigger in a few words: ` (distance 2, value 1)`. */
function describeParameters(trigger: TriggerManifest): string {
  if (isSequenceManifest(trigger)) return "";
  if (isImageManifest(trigger)) {
    const { image: { height, width }, blend, place } = trigger;
    const where = "seed" in place ? "at random" : `at (${place.row}, ${place.column})`;
    return ` (${height}×${width}, blend ${blend}, ${where})`;
  }
  const { kind: _, ...numbers } = trigger;
  return ` (${describeOptions(numbers)})`;
}

function describeTraining(training: ModelManifest["training"]): string {
  if (training === null) return "unknown";
  const { seed, recipe, epochs, batchSize, learningRateFactor = 1, augmentation } = training;
  const rate = learningRateFactor === 1 ? "" : ` at ${learningRateFactor} times its rate`;
  const changes = augmentation === undefined
    ? ""
    : `, shift ${augmentation.shift}${augmentation.flip ? " and flip" : ""} ${augmentation.order}`;
  const images = formatCountOf(training.trainImages, "image");
  const speed = formatCount(Math.round(training.imagesPerSecond));
  return `seed ${seed}, recipe ${recipe}${rate}, ${formatCountOf(epochs, "epoch")} of ${images}, ` +
    `batch ${batchSize}${changes}, ${formatDuration(training.seconds)}, ${speed} images/s`;
}

function when(createdAt: string): string {
  return `${createdAt.slice(0, 10)} ${createdAt.slice(11, 16)} UTC`;
}
