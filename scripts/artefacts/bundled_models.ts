/**
 * The table of bundled models, from their manifests.
 *
 * @module
 */

import { formatBytes, formatCount, formatPercent } from "../../lib/core/format.ts";
import { createFixtureSource, type ModelManifest } from "../../lib/registry/mod.ts";
import { replaceSection, toMarkdown } from "../../lib/report/markdown.ts";
import type { Artefact } from "./artefact.ts";
import { formatMarkdown } from "./format_markdown.ts";

const FILE = "fixtures/models/README.md";

const folder = new URL("../../fixtures/models/", import.meta.url);

/** `fixtures/models/README.md`, with a row for each model. */
export const bundledModels: Artefact = {
  path: FILE,
  async build() {
    const models = (await createFixtureSource(folder).list())
      .toSorted((a, b) => a.name < b.name ? -1 : 1);
    const text = await Deno.readTextFile(new URL("README.md", folder));
    const section = { file: FILE, name: "bundled models" };
    return await formatMarkdown(replaceSection(text, section, modelsTable(models)));
  },
};

/** What some models are, and how they were trained. */
export function modelsTable(models: readonly ModelManifest[]): string {
  return toMarkdown({
    title: "The models",
    head: ["model", "size", "clean accuracy", "attack success", "training"],
    alignments: "<>>><",
    rows: models.map(({ name, weights, metrics, training }) => [
      name,
      formatBytes(weights.bytes),
      formatPercent(metrics?.cleanAccuracy),
      formatPercent(metrics?.attackSuccessRate),
      training === null ? "–" : describeTraining(training),
    ]),
  });
}

function describeTraining(
  { recipe, epochs, batchSize, trainImages, seed, engine, versions }: NonNullable<
    ModelManifest["training"]
  >,
): string {
  return [
    `recipe ${recipe}: ${epochs} epochs of batches of ${batchSize}`,
    `${formatCount(trainImages)} images`,
    `seed ${seed}`,
    `engine ${engine.backend}, threads: ${engine.workers}`,
    `edgedoor ${versions.edgedoor}`,
  ].join("; ");
}
