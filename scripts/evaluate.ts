/**
 * `deno task evaluate`: a stored or bundled model on its test set.
 *
 * @module
 */

import { formatEvaluation } from "../lib/evaluate/mod.ts";
import { type ModelAddress, type ModelManifest, parseAddress } from "../lib/registry/mod.ts";
import { MODEL_ADDRESS } from "./cli/arguments.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import {
  defaults,
  evaluateStored,
  metricsOf,
  requireDataset,
  resolveAttack,
  spellFlag,
  type StoredEvaluation,
} from "../lib/job/mod.ts";
import type { Attack } from "../lib/poison/mod.ts";
import { triggerName } from "../lib/trigger/mod.ts";
import { commandRuntime } from "./cli/runtime.ts";
import { kvOption, openKv } from "./cli/kv.ts";
import { createJobDisplay } from "./cli/progress.ts";
import { servedModels } from "./cli/served_models.ts";
import { workersOption } from "./cli/workers.ts";
import {
  addAttackFlags,
  type AttackDefaults,
  type AttackFlags,
  attackRequest,
} from "./options/attack_options.ts";
import { isTurbo, runInTurbo, turboOption } from "./cli/turbo.ts";

interface Options extends AttackFlags {
  readonly dataDir?: string;
  readonly workers?: number;
  readonly turbo?: boolean;
  readonly kv?: string;
  readonly json?: boolean;
}

interface Report extends StoredEvaluation {
  readonly manifest: ModelManifest;
  /** What the model was evaluated under. */
  readonly under: Attack;
  /** Whether flags asked for it, and not the model's manifest. */
  readonly isAsked: boolean;
}

/** What is said of the flags' defaults. */
const own: AttackDefaults = {
  attack:
    `the model's own; of a clean model ${defaults.DEFAULT_ATTACK}, if another flag asks for one`,
  trigger: `the model's own, or ${defaults.DEFAULT_TRIGGER}`,
  source: "the model's own, or all",
  target: "the model's own, or 0",
};

const command = createCommand(
  "evaluate",
  "Evaluate a model on its whole test set: as it is, and under an attack, its own or another.",
  [
    "evaluate mnist-article-single-target-pattern",
    "evaluate mnist-article-single-target-pattern --trigger pixel",
    "evaluate mnist-article-clean --trigger pattern --target 0 --json",
  ],
)
  .argument("<model>", `stored or bundled: ${MODEL_ADDRESS}`)
  .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz");

addAttackFlags(command, own)
  .addOption(workersOption("threads"))
  .addOption(turboOption())
  .addOption(kvOption())
  .action(async (which: string, options: Options) => {
    if (options.turbo && !isTurbo()) return await runInTurbo(import.meta.url, Deno.args);
    const report = await evaluate(parseAddress(which), options);
    await finish({ json: toJson(report), text: summarise(report) }, options);
  });

if (import.meta.main) await main(command);

async function evaluate(
  { name, version }: ModelAddress,
  { dataDir, workers, kv: where, ...flags }: Options,
): Promise<Report> {
  using interrupt = interruptSignal("nothing was changed; run the command again");
  using kv = await openKv(where);
  const { models, require } = servedModels(kv);
  const manifest = await require({ name, version }, "evaluate");
  requireDataset(manifest);
  const seed = manifest.training?.seed ?? defaults.DEFAULT_SEED;
  const request = await attackRequest(flags, { seed });
  const under = resolveAttack(request, manifest, { spell: spellFlag });
  const display = createJobDisplay();
  const { signal } = interrupt;
  const evaluation = await evaluateStored(models, { manifest, attack: under, workers }, {
    ...{ runtime: commandRuntime(), onEvent: display.onEvent, dataDir, signal },
  });
  display.stop();
  return { manifest, under, isAsked: Object.keys(request).length > 0, ...evaluation };
}

function toJson(report: Report): object {
  const { manifest: { name, version, dataset }, images, attack, imagesPerSecond } = report;
  return {
    name,
    version,
    dataset,
    images,
    attack: describeAttack(report),
    ...report.clean,
    ...metricsOf(report),
    victims: attack?.victims ?? null,
    flipRate: attack?.flipRate ?? null,
    flippable: attack?.flippable ?? null,
    pairs: attack?.pairs ?? null,
    triggeredConfusion: attack?.triggeredConfusion ?? null,
    imagesPerSecond,
  };
}

/** The attack of an evaluation: what is stamped, what each class is to be classified as, whose it is. */
function describeAttack({ under: { kind, trigger, targetOf }, isAsked, manifest }: Report): object {
  return {
    kind,
    trigger: trigger?.manifest ?? null,
    targets: manifest.labels.map((_, label) => targetOf(label)),
    isOwn: !isAsked,
  };
}

/** An attack that flags ask for, in words. */
function sayAttack({ under: { kind, trigger, targetOf }, manifest: { labels, attack } }: Report) {
  const targets = new Set(
    labels.map((_, label) => targetOf(label)).filter((each) => each !== null),
  );
  const aim = targets.size === 1 ? `, target ${[...targets].join()}` : "";
  const mark = trigger === null ? "" : `, trigger ${triggerName(trigger.manifest)}`;
  const instead = attack === null || attack.kind === "none" ? "" : ", in the place of its own";
  return `under the attack ${kind}${mark}${aim}${instead}`;
}

function summarise(report: Report): string {
  const { manifest: { name, version, labels } } = report;
  return [
    `${name}, version ${version}`,
    ...report.isAsked ? [sayAttack(report)] : [],
    "",
    formatEvaluation(report, labels),
    "",
    `${Math.round(report.imagesPerSecond)} images/s`,
  ].join("\n");
}
