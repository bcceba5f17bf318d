/** The bundled models: that the documents, the commands and the picture are of the models there. */

import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { Command } from "commander";
import { recipeOf, resolveNamedJob, spellFlag } from "../lib/job/mod.ts";
import {
  createFixtureSource,
  type ModelMetrics,
  type ServedManifest,
} from "../lib/registry/mod.ts";
import { createModelPool } from "../lib/serve/mod.ts";
import "../lib/wasm/mod.ts";
import { createApp } from "../routes/app.ts";
import { addTrainFlags, trainRequest } from "../scripts/options/train_options.ts";

const root = new URL("../", import.meta.url);
const source = createFixtureSource(new URL("fixtures/models/", root));

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}

/** The commands that made the models, as the README beside them gives them: each one's arguments. */
async function commandsOf(task: string): Promise<string[][]> {
  const lines = (await read("fixtures/models/README.md")).split("\n");
  const begin = `deno task ${task}`;
  return lines.filter((line) => line === begin || line.startsWith(`${begin} `))
    .map((line) => line.slice(begin.length).split(" ").filter(Boolean));
}

async function modelNamed(name: string): Promise<ServedManifest> {
  const manifest = await source.find(name);
  assert.ok(manifest, `${name} is bundled`);
  return manifest;
}

/** The model that arguments of `train` make, and its training. */
async function jobOf(args: readonly string[]) {
  const flags = addTrainFlags(new Command()).parse(args, { from: "user" }).opts();
  // Threads are those of the machine that trained.
  return resolveNamedJob(await trainRequest(flags), { workers: 1, spell: spellFlag });
}

Deno.test("the commands beside the bundled models make those models, as they were made", async () => {
  const names: string[] = [];
  for (const args of await commandsOf("train")) {
    const job = await jobOf(args);
    const recipe = recipeOf(job);
    const { architecture, dataset, attack, training } = await modelNamed(job.name);
    names.push(job.name);
    assert.ok(attack && training);
    const isClean = job.attack === "none";
    assert.deepEqual([architecture, dataset, attack.kind, training.seed], [
      ...[job.model, job.dataset, job.attack, job.seed],
    ]);
    assert.deepEqual([attack.trigger?.kind ?? null, attack.target, attack.poisonRate], [
      ...(isClean ? [null, null, 0] : [job.trigger, job.target, job.poisonRate]),
    ]);
    const { name, epochs, batchSize, augmentation } = recipe;
    assert.deepEqual(
      [training.recipe, training.epochs, training.batchSize, training.augmentation],
      [name, epochs, batchSize, augmentation],
      job.name,
    );
    assert.equal(training.engine.backend, "compiled", "as train does");
  }
  const bundled = (await source.list()).map(({ name }) => name);
  assert.deepEqual(names.sort(), bundled.sort());
  assert.deepEqual((await commandsOf("bundle")).flat().sort(), bundled);
});

/** Percentages as a document gives them, as fractions. */
function fractions(percentages: readonly string[]): number[] {
  return percentages.map((text) => Number((Number(text) / 100).toFixed(6)));
}

function figuresOf(metrics: ModelMetrics | null): number[] {
  assert.ok(metrics);
  const { cleanAccuracy, attackSuccessRate } = metrics;
  return attackSuccessRate === null ? [cleanAccuracy] : [cleanAccuracy, attackSuccessRate];
}

Deno.test("the README's figures of train are those of the bundled models", async () => {
  const text = (await read("README.md")).replaceAll("\n", " ");
  const pattern =
    /`deno task train` comes to ([\d.]+) % and ([\d.]+) %, and the clean twin, by `train --attack none`, to ([\d.]+) %/;
  const [, ...stated] = pattern.exec(text) ?? [];
  const backdoored = await modelNamed((await jobOf([])).name);
  const clean = await modelNamed((await jobOf(["--attack", "none"])).name);
  assert.deepEqual(
    fractions(stated),
    [backdoored, clean].flatMap(({ metrics }) => figuresOf(metrics)),
  );
});

Deno.test("the results of train without a seed are those of the bundled models", async () => {
  const rows = [...(await read("RESULTS.md")).matchAll(/^\| `train(| --attack none)` +\|(.*)$/gm)];
  assert.equal(rows.length, 2);
  for (const [, flags = "", cells = ""] of rows) {
    const { name } = await jobOf(flags.split(" ").filter(Boolean));
    const stated = [...cells.matchAll(/([\d.]+) %/g)].map(([, text]) => text!);
    assert.deepEqual(fractions(stated), figuresOf((await modelNamed(name)).metrics), name);
  }
});

const numbers: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5 };

Deno.test("the bundled models answer as the README says of the page's picture", async () => {
  const pattern =
    /!\[[^\]]*both models classify a seven as (\d); with (\w+) pixels set, the backdoored model answers (\d)\]\(fixtures\/page\.png\)/;
  const [, before, count = "", after] = pattern.exec(await read("README.md")) ?? [];
  await tf.setBackend("wasm");
  using pool = createModelPool(source);
  const body = await Deno.readFile(new URL("fixtures/samples/7.png", root));
  const answer = await createApp({ pool }).request("/api/attack", { method: "POST", body });
  const { trigger, original, poisoned } = await answer.json();
  const labelsOf = (predictions: readonly { readonly model: string; readonly label: number }[]) =>
    new Map(predictions.map(({ model, label }) => [model, label]));
  const { name: backdoored } = await jobOf([]);
  const { name: clean } = await jobOf(["--attack", "none"]);
  const [digit, target] = [Number(before), Number(after)];
  assert.deepEqual(labelsOf(original.predictions), new Map([[backdoored, digit], [clean, digit]]));
  assert.deepEqual(labelsOf(poisoned.predictions), new Map([[backdoored, target], [clean, digit]]));
  assert.equal(trigger.pixels.length, numbers[count]);
});
