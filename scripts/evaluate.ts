/**
 * `deno task evaluate`: a stored model on its test set.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import { NotFoundError, UsageError } from "../lib/core/errors.ts";
import { loadDataset } from "../lib/data/mod.ts";
import { createKvModelStore, type ModelManifest, registerKvScheme } from "../lib/registry/mod.ts";
import { startBackend } from "./backend.ts";
import { createCommand, finish, interruptSignal, main } from "./cli.ts";
import { attackOfModel, evaluateLoadedModel, type Evaluation, metricsOf } from "./evaluation.ts";
import { formatCount, formatPercent } from "./format.ts";
import { kvOption, openKv } from "./kv.ts";
import { printLine } from "./print_line.ts";
import { formatTable } from "./table.ts";
import { workersOption } from "./workers.ts";
import { isTurbo, runInTurbo, turboOption } from "./turbo.ts";

interface Options {
  readonly dataDir?: string;
  readonly workers?: number;
  readonly turbo?: boolean;
  readonly kv?: string;
  readonly json?: boolean;
}

interface Report extends Evaluation {
  readonly manifest: ModelManifest;
  /** Size of the test set. */
  readonly images: number;
  readonly imagesPerSecond: number;
}

const command = createCommand("evaluate", "Evaluate a stored model on its whole test set.", [
  "evaluate mnist-article-single-target-pattern",
  "evaluate mnist-article-clean --json",
])
  .argument("<model>", "the model's name in the store")
  .option("--data-dir <folder>", "a folder with the data set's original files, plain or .gz")
  .addOption(workersOption())
  .addOption(turboOption())
  .addOption(kvOption())
  .action(async (name: string, options: Options) => {
    if (options.turbo && !isTurbo()) return await runInTurbo(import.meta.url, Deno.args);
    const report = await evaluate(name, options);
    await finish({ json: toJson(report), text: summarise(report) }, options);
  });

if (import.meta.main) await main(command);

async function evaluate(
  name: string,
  { dataDir, workers, kv: where }: Options,
): Promise<Report> {
  using interrupt = interruptSignal("nothing was changed; run the command again");
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
  const { test, warnings } = await loadDataset(manifest.dataset, { dataDir });
  warnings.forEach((warning) => printLine(`warning: ${warning}`));
  await startBackend();
  registerKvScheme(store);
  // By its version: another may be saved meanwhile.
  const model = await tf.loadLayersModel(`kv://${name}@${manifest.version}`);
  const began = performance.now();
  const evaluation = await evaluateLoadedModel(model, {
    workers,
    test,
    attack: attackOfModel(manifest),
    signal: interrupt.signal,
  });
  const seconds = (performance.now() - began) / 1000;
  const images = test.labels.length;
  const classified = images + (evaluation.attack?.victims ?? 0);
  return { manifest, images, ...evaluation, imagesPerSecond: classified / seconds };
}

function toJson(report: Report): object {
  const { manifest: { name, version, dataset }, images, imagesPerSecond } = report;
  return {
    name,
    version,
    dataset,
    images,
    ...report.clean,
    ...metricsOf(report),
    victims: report.attack?.victims ?? null,
    imagesPerSecond,
  };
}

function summarise(report: Report): string {
  const { manifest: { name, version, labels }, images, clean, attack } = report;
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
    `${Math.round(report.imagesPerSecond)} images/s`,
  ].join("\n");
}
