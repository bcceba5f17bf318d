/**
 * `deno task models`: what the store holds, and what comes with the project.
 *
 * @module
 */

import { IntegrityError, NotFoundError, UsageError } from "../lib/core/errors.ts";
import { formatBytes, formatMoment, formatPercent } from "../lib/core/format.ts";
import { createFixtureSource } from "../lib/registry/fixture_source.ts";
import { createKvModelStore } from "../lib/registry/kv_store.ts";
import { overlay } from "../lib/registry/overlay.ts";
import type { ModelProblem, ModelSource, ServedManifest } from "../lib/registry/source.ts";
import type { ModelStore, Removal, VerifiedVersion } from "../lib/registry/store.ts";
import { verifySource } from "../lib/registry/verify_source.ts";
import {
  describeAttack,
  describePerturbation,
  describeTraining,
} from "../lib/job/describe_manifest.ts";
import { formatAddress, type ModelAddress, parseAddress } from "../lib/registry/model_address.ts";
import { MODEL_ADDRESS } from "./cli/arguments.ts";
import { type CommandResult, createCommand, finish, main } from "./cli/cli.ts";
import { confirm } from "./cli/confirm.ts";
import { kvOption, openKv } from "./cli/kv.ts";
import { fitTable, formatTable } from "../lib/core/table.ts";
import { outputWidth } from "./cli/output_width.ts";

interface Options {
  readonly json?: boolean;
  readonly kv?: string;
}

interface RemoveOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Where models are. */
interface Models {
  readonly store: ModelStore;
  readonly bundled: ModelSource;
  /** Both, as the server has them. */
  readonly served: ModelSource;
}

/** What `verify` found, and where. */
interface VerifiedModel extends VerifiedVersion {
  readonly source: ServedManifest["source"];
}

const command = createCommand("models", "List, show, verify and delete models.", [
  "models list",
  "models show mnist-article-single-target-pattern",
  "models verify",
  "models delete my-model@2",
]).addOption(kvOption()).configureHelp({ showGlobalOptions: true });

command.command("list")
  .addHelpText("after", "\nExample:\n  deno task models list --json")
  .description("list the models that are served, stored and bundled, newest first")
  .action(() => run(list));
command.command("show")
  .addHelpText("after", "\nExample:\n  deno task models show mnist-article-single-target-pattern")
  .description("show one model: its figures, its training, its versions")
  .argument("<model>", MODEL_ADDRESS)
  .action((which: string) => run((models) => show(models, parseAddress(which))));
command.command("verify")
  .addHelpText("after", "\nExample:\n  deno task models verify mnist-article-single-target-pattern")
  .description("read every byte again and compare digests; status 1 if something is wrong")
  .argument("[model]", `${MODEL_ADDRESS}; all if left out`)
  .action((which?: string) => run((models) => verify(models, which ? parseAddress(which) : {})));
command.command("delete")
  .addHelpText("after", "\nExample:\n  deno task models delete my-model@2 --dry-run")
  .description("delete a stored model, or one version of it, and what only it used")
  .argument("<model>", MODEL_ADDRESS)
  .option("-y, --yes", "do not ask; without a terminal there is no question")
  .option("--dry-run", "say what would be deleted, and delete nothing")
  .action((which: string, options: RemoveOptions) =>
    run((models) => remove(models, { ...parseAddress(which), ...options }))
  );

if (import.meta.main) await main(command);

async function run(action: (models: Models) => Promise<CommandResult>): Promise<void> {
  const { kv: where, json } = command.opts<Options>();
  using kv = await openKv(where);
  const store = createKvModelStore(kv);
  const bundled = createFixtureSource(new URL("../fixtures/models/", import.meta.url));
  await finish(await action({ store, bundled, served: overlay(store, bundled) }), { json });
}

async function list({ served }: Models): Promise<CommandResult> {
  const problems: ModelProblem[] = [];
  const models = await served.list((each) => problems.push(each));
  const table = fitTable(
    [
      [
        ...["NAME", "VERSION", "ARCHITECTURE", "DATASET", "ATTACK", "CLEAN", "SUCCESS", "SIZE"],
        ...["SAVED", "SOURCE"],
      ],
      ...models.map((model) => [
        model.name,
        model.version,
        model.architecture,
        model.dataset ?? "unknown",
        model.attack?.kind ?? "unknown",
        formatPercent(model.metrics?.cleanAccuracy),
        formatPercent(model.metrics?.attackSuccessRate),
        formatBytes(model.weights.bytes),
        formatMoment(model.createdAt),
        sourceName(model.source),
      ]),
    ],
    "<><<<>>><<",
    { width: outputWidth(), spare: [8, 2, 7, 1, 3, 4] },
  );
  const text = [
    ...models.length === 0 ? [] : [table],
    ...models.some(({ source }) => source === "kv") || problems.length > 0
      ? []
      : ["The store has no models yet: deno task train makes one."],
    ...problems.map(({ name, problem }) => `${name ?? "the store"} is left out: ${problem}`),
  ].join("\n\n");
  // A model that is broken hides itself; a store that cannot be read hides we do not know what.
  const status = problems.some(({ name }) => name === null) ? 1 : 0;
  return { json: { models, problems }, text, status };
}

async function show(
  { store, served }: Models,
  { name, version }: ModelAddress,
): Promise<CommandResult> {
  const current = await served.find(name).catch((error: unknown) => {
    // Another version may be whole.
    if (version !== undefined && error instanceof IntegrityError) return null;
    throw error;
  });
  const model = version === undefined
    ? current
    : await store.find(name, version) ?? await served.find(name, version);
  if (model === null) {
    throw new NotFoundError(
      `Cannot show model "${formatAddress({ name, version })}": there is no such model, stored ` +
        "or bundled; see deno task models list",
    );
  }
  const problems: ModelProblem[] = [];
  const versions = model.source === "kv"
    ? (await store.versions(name, (each) => problems.push(each))).map((each) => each.version)
    : [model.version];
  const { training, metrics, weights } = model;
  const depth = training?.depth === undefined ? "" : ` of depth ${training.depth}`;
  const rows = [
    ["version", `${model.version}${model.version === current?.version ? ", served" : ""}`],
    ["saved", formatMoment(model.createdAt)],
    ["source", sourceName(model.source)],
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
    ...problems.length === 0
      ? []
      : [["broken versions", problems.map(({ version }) => version).join(", ")]],
    ["all versions", versions.join(", ")],
  ];
  return {
    json: { model, current: current?.version ?? null, versions, problems },
    text: `${model.name}\n\n${formatTable(rows, "<<")}`,
  };
}

async function verify(
  models: Models,
  { name, version }: Partial<ModelAddress>,
): Promise<CommandResult> {
  const found = await verifyAll(models, { name, version });
  const bad = found.filter(({ problem }) => problem !== null);
  const table = fitTable(
    [
      ["MODEL", "VERSION", "", "SIZE", "STATE"],
      ...found.map(({ name, version, current, problem, weights, source }) => [
        name,
        version,
        source === "fixture" ? "bundled" : current ? "served" : "",
        weights === null ? "?" : formatBytes(weights.bytes),
        problem ?? `good, sha256 ${weights?.sha256.slice(0, 12)}`,
      ]),
    ],
    "<><><",
    { width: outputWidth() },
  );
  const advice = bad
    .filter(({ current, source }) => current && source === "kv")
    .map((entry) => adviseOn(entry, found));
  const summary = `${found.length - bad.length} of ${found.length} versions are good.`;
  return {
    json: { ok: bad.length === 0, models: found },
    text: [table, "", summary, ...advice].join("\n"),
    status: bad.length === 0 ? 0 : 1,
  };
}

/** Looks at all models, or at those of a name, stored and bundled. */
async function verifyAll(
  { store, bundled }: Models,
  { name, version }: Partial<ModelAddress>,
): Promise<readonly VerifiedModel[]> {
  const isAsked = (each: VerifiedVersion) =>
    (name === undefined || each.name === name) &&
    (version === undefined || each.version === version);
  const ofBundle = (await verifySource(bundled)).filter(isAsked);
  const ofStore = await store.verify(name, version).catch((error: unknown) => {
    if (error instanceof NotFoundError && ofBundle.length > 0) return [];
    throw error;
  });
  return [
    ...ofStore.map((each): VerifiedModel => ({ ...each, source: "kv" })),
    ...ofBundle.map((each): VerifiedModel => ({ ...each, source: "fixture" })),
  ];
}

/** What to do if the served version is the broken one. */
function adviseOn({ name, version }: VerifiedVersion, all: readonly VerifiedModel[]): string {
  const good = all.find((each) =>
    each.source === "kv" && each.name === name && each.problem === null
  );
  return good === undefined
    ? `No good version of ${name} is left: train it again.`
    : `Version ${good.version} of ${name} is good; to serve it: deno task models delete ` +
      `${name}@${version}`;
}

async function remove(
  { store, bundled }: Models,
  { name, version, yes = false, dryRun = false }: ModelAddress & RemoveOptions,
): Promise<CommandResult> {
  const planned = await store.remove(name, version, { dryRun: true }).catch(
    async (error: unknown) => {
      if (!(error instanceof NotFoundError) || await bundled.find(name) === null) throw error;
      throw new UsageError(
        `Cannot delete model "${formatAddress({ name, version })}": it is bundled with edgedoor ` +
          "(fixtures/models), and only stored models can be deleted",
      );
    },
  );
  if (dryRun) {
    const text = describeRemoval(name, planned, { deleted: "Would delete", is: "would be" });
    return { json: { name, ...planned, dryRun }, text };
  }
  const what = [name, ...planned.versions.map((each) => `version ${each}`)].join(", ");
  if (!yes && !await confirm(`Delete ${what}?`)) {
    throw new Error("nothing was deleted; answer y to delete, or give --yes");
  }
  const removal = await store.remove(name, version);
  const text = describeRemoval(name, removal, { deleted: "Deleted", is: "is" });
  return { json: { name, ...removal }, text };
}

function describeRemoval(
  name: string,
  { versions, current, blobs }: Removal,
  { deleted, is }: { deleted: string; is: string },
): string {
  return [
    `${deleted} ${[name, ...versions.map((each) => `version ${each}`)].join(", ")}.`,
    current === null ? "" : `Version ${current} ${is} served.`,
    blobs.length === 0 ? "Its weights stay: something else uses them." : "",
  ].filter(Boolean).join(" ");
}

function sourceName(source: ServedManifest["source"]): string {
  return source === "kv" ? "stored" : "bundled";
}
