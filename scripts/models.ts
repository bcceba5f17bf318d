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
import { tellManifest } from "../lib/registry/signature.ts";
import { checkSignatures } from "../lib/registry/signed_source.ts";
import type { ModelStore, Removal } from "../lib/registry/store.ts";
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
import { SIGNING_KEY, TRUSTED_KEYS, trustedKeys } from "./cli/signing.ts";
import { describeSignature } from "./models/describe_signature.ts";
import { keygen, type KeygenFlags } from "./models/keygen.ts";
import { sign } from "./models/sign.ts";
import { verify } from "./models/verify.ts";

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

interface VerifyFlags {
  readonly trusted?: string;
}

const command = createCommand("models", "List, show, verify, sign and delete models.", [
  "models list",
  "models show mnist-article-single-target-pattern",
  "models verify",
  "models keygen --signer Ada",
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
  .description("read every byte again, compare digests and signatures; status 1 if one is wrong")
  .argument("[model]", `${MODEL_ADDRESS}; all if left out`)
  .option(
    "--trusted <keys>",
    "public keys, separated by commas, or a file of them: a stored model that none of them has " +
      "signed is wrong " +
      `(default: ${TRUSTED_KEYS})`,
  )
  .action((which: string | undefined, options: VerifyFlags) =>
    run(async (models) => {
      const trusted = await trustedKeys(options.trusted);
      return await verify(models, { ...which && parseAddress(which), trusted });
    })
  );
command.command("keygen")
  .addHelpText("after", "\nExample:\n  deno task models keygen --signer Ada")
  .description("make a key that signs models")
  .option(
    "--out <file>",
    "where to write it (default: edgedoor/signing-key.json with your settings)",
  )
  .option("--signer <name>", "who signs with it, told beside each signature")
  .action(async (options: KeygenFlags) =>
    await finish(await keygen(options), command.opts<Options>())
  );
command.command("sign")
  .addHelpText(
    "after",
    "\nExample:\n  deno task models sign my-model --key ~/.config/edgedoor/signing-key.json",
  )
  .description("sign a stored model, the current version or another, once it is found to be whole")
  .argument("<model>", MODEL_ADDRESS)
  .option("--key <file>", `the key's file (default: ${SIGNING_KEY})`)
  .action((which: string, options: { readonly key?: string }) =>
    run(({ store }) => sign(store, { ...parseAddress(which), ...options }))
  );
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
  const served = checkSignatures(overlay(store, bundled));
  await finish(await action({ store, bundled, served }), { json });
}

async function list({ served }: Models): Promise<CommandResult> {
  const problems: ModelProblem[] = [];
  const models = await served.list((each) => problems.push(each));
  const table = fitTable(
    [
      [
        ...["NAME", "VERSION", "ARCHITECTURE", "DATASET", "ATTACK", "CLEAN", "SUCCESS", "SIZE"],
        ...["SAVED", "SIGNED", "SOURCE"],
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
        describeSignature(model.provenance),
        sourceName(model.source),
      ]),
    ],
    "<><<<>>><<<",
    { width: outputWidth(), spare: [8, 9, 2, 7, 1, 3, 4] },
  );
  const text = [
    ...models.length === 0 ? [] : [table],
    ...models.some(({ source }) => source === "kv") || problems.length > 0
      ? []
      : ["The store has no models yet: deno task train makes one."],
    ...problems.map(({ name, version, problem }) =>
      `${name ?? "the store"}${version === null ? "" : `@${version}`} is left out: ${problem}`
    ),
  ].join("\n\n");
  // A model that is broken hides itself; a store that cannot be read hides we do not know what.
  const status = problems.some(({ name }) => name === null) ? 1 : 0;
  return { json: { models: models.map(tellManifest), problems }, text, status };
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
    : await checkSignatures(store).find(name, version) ?? await served.find(name, version);
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
    ["signed by", describeSignature(model.provenance)],
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
    json: { model: tellManifest(model), current: current?.version ?? null, versions, problems },
    text: `${model.name}\n\n${formatTable(rows, "<<")}`,
  };
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
