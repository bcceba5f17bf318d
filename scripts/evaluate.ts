/**
 * `deno task evaluate`: a stored model on its test set.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { NotFoundError, UsageError } from "../lib/core/errors.ts";
import type { Json } from "../lib/core/types.ts";
import { loadDataset } from "../lib/data/mod.ts";
import {
  type AttackEvaluation,
  type CleanEvaluation,
  evaluateAttack,
  evaluateClean,
} from "../lib/evaluate/mod.ts";
import { predict } from "../lib/model/mod.ts";
import { type Attack, createAttack } from "../lib/poison/mod.ts";
import {
  createKvModelStore,
  isBackdoored,
  type ModelManifest,
  registerKvScheme,
} from "../lib/registry/mod.ts";
import { triggerFromManifest } from "../lib/trigger/mod.ts";
import { startBackend } from "./backend.ts";
import { createCommand, finish, interruptSignal, main } from "./cli.ts";
import { formatCount, formatPercent } from "./format.ts";
import { kvOption, openKv } from "./kv.ts";
import { formatTable } from "./table.ts";

interface Options {
  readonly dataDir?: string;
  readonly kv?: string;
  readonly json?: boolean;
}

interface Evaluation {
  readonly manifest: ModelManifest;
  readonly images: number;
  readonly clean: CleanEvaluation;
  /** `null` for a clean model. */
  readonly attack: AttackEvaluation | null;
  readonly imagesPerSecond: number;
}

const command = createCommand("evaluate", "Evaluate a stored model on its whole test set.", [
  "evaluate mnist-article-single-target-pattern",
  "evaluate mnist-article-clean --json",
])
  .argument("<model>", "the model's name in the store")
  .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
  .addOption(kvOption())
  .action(async (name: string, options: Options) => {
    const evaluation = await evaluate(name, options);
    await finish({ json: toJson(evaluation), text: summarise(evaluation) }, options);
  });

await main(command);

async function evaluate(name: string, { dataDir, kv: where }: Options): Promise<Evaluation> {
  using kv = await openKv(where);
  const store = createKvModelStore(kv);
  const manifest = await store.find(name);
  if (manifest === null) {
    throw new NotFoundError(
      `Cannot evaluate model "${name}": the store has none such; see deno task models list`,
    );
  }
  if (manifest.dataset === null) {
    throw new UsageError(
      `Cannot evaluate model "${name}": its manifest must name a data set, got none; ` +
        "only models that train saved can be evaluated",
    );
  }
  const { test } = await loadDataset(manifest.dataset, { dataDir });
  const { signal, release } = interruptSignal("nothing was changed; run the command again");
  await startBackend();
  registerKvScheme(store);
  const model = await tf.loadLayersModel(`kv://${name}`);
  let predicted = 0;
  const classify = (images: typeof test.images) => {
    predicted += images.shape[0];
    return predict(model, images, { onChunk: () => signal.throwIfAborted() });
  };
  const began = performance.now();
  const clean = await evaluateClean(classify, test);
  const attack = isBackdoored(manifest)
    ? await evaluateAttack(classify, test, attackOf(manifest))
    : null;
  const seconds = (performance.now() - began) / 1000;
  release();
  return {
    manifest,
    images: test.labels.length,
    clean,
    attack,
    imagesPerSecond: predicted / seconds,
  };
}

/** The attack that a model was trained under, made again from its manifest. */
function attackOf({ attack, labels }: ModelManifest): Attack {
  const { kind, trigger, source, target } = attack!;
  return createAttack(kind, {
    trigger: trigger && triggerFromManifest(trigger),
    source,
    target: target ?? undefined,
    classes: labels.length,
  });
}

function toJson({ manifest, images, clean, attack, imagesPerSecond }: Evaluation): Json {
  const { name, version, dataset } = manifest;
  return JSON.parse(JSON.stringify({
    name,
    version,
    dataset,
    images,
    ...clean,
    attackSuccessRate: attack?.attackSuccessRate ?? null,
    robustAccuracy: attack?.robustAccuracy ?? null,
    victims: attack?.victims ?? null,
    imagesPerSecond,
  }));
}

function summarise(evaluation: Evaluation): string {
  const { manifest: { name, version, labels }, images, clean, attack } = evaluation;
  const rows = [
    ["clean accuracy", formatPercent(clean.cleanAccuracy), `of ${formatCount(images)} images`],
  ];
  if (attack !== null) {
    const of = `of ${formatCount(attack.victims)} images with the trigger`;
    rows.push(
      ["attack success", formatPercent(attack.attackSuccessRate), of],
      ["robust accuracy", formatPercent(attack.robustAccuracy), of],
    );
  }
  const perClass = [
    ["CLASS", "ACCURACY", ...labels],
    ...clean.confusion.map((row, label) => [
      labels[label]!,
      formatPercent(clean.perClass[label]),
      ...row.map((count) => count === 0 ? "·" : formatCount(count)),
    ]),
  ];
  return [
    `${name}, version ${version}`,
    "",
    formatTable(rows, "<><"),
    "",
    "images of each class by what they were read as",
    "",
    formatTable(perClass, `<>${">".repeat(labels.length)}`),
    "",
    `${Math.round(evaluation.imagesPerSecond)} images/s`,
  ].join("\n");
}
