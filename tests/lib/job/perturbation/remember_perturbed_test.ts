import assert from "node:assert/strict";
import { pgdDefaults } from "../../../../lib/job/defaults.ts";
import { type DataJob, loadTrainingData } from "../../../../lib/job/mod.ts";
import type { Perturb } from "../../../../lib/poison/mod.ts";
import { rememberPerturbed } from "../../../../lib/job/perturbation/remember_perturbed.ts";
import { jobContext, quickNetwork } from "../job_context.ts";
import { withFolder } from "../../../scripts/run_command.ts";

const clean = {
  images: { data: Float32Array.of(0, 0.1, 0.2, 0.3, 0.4, 0.5), shape: [6, 1, 1, 1] as const },
  labels: Uint8Array.of(0, 1, 0, 1, 0, 0),
};

/** Adds a half to each image, and counts them. */
function counting() {
  const counts: number[] = [];
  const perturb: Perturb = ({ data, shape }) => {
    counts.push(shape[0]);
    return Promise.resolve({ data: data.map((value) => value + 0.5), shape });
  };
  return { perturb, counts };
}

/** Some images of the clean set, as an attack asks for them. */
function ask(perturb: Perturb, label: number, indices: readonly number[]) {
  const data = Float32Array.from(indices, (index) => clean.images.data[index]!);
  const labels = new Uint8Array(indices.length).fill(label);
  return perturb({ data, shape: [indices.length, 1, 1, 1] }, labels, {
    indices: Uint32Array.from(indices),
  });
}

const halves = (...values: number[]) => Float32Array.from(values, (v) => Math.fround(v) + 0.5);

Deno.test("a class is perturbed once, whole, and what is asked for is read from it", () =>
  withFolder(async (folder) => {
    const { perturb, counts } = counting();
    const options = { folder: `${folder}/new`, key: { kind: "half" }, clean };
    const first = await ask(rememberPerturbed(perturb, options), 0, [2, 5]);
    assert.deepEqual(first, { data: halves(0.2, 0.5), shape: [2, 1, 1, 1] });
    const again = await ask(rememberPerturbed(perturb, options), 0, [4, 0]);
    assert.deepEqual(again.data, halves(0.4, 0));
    assert.deepEqual(counts, [4]);
  }));

Deno.test("another class, another key and a file cut short are perturbed anew", () =>
  withFolder(async (folder) => {
    const { perturb, counts } = counting();
    const remembered = (key: string) => rememberPerturbed(perturb, { folder, key, clean });
    await ask(remembered("a"), 1, [1]);
    await ask(remembered("a"), 0, [0]);
    await ask(remembered("b"), 1, [3]);
    assert.deepEqual(counts, [2, 4, 2]);
    for (const { name } of [...Deno.readDirSync(folder)]) {
      await Deno.truncate(`${folder}/${name}`, 100);
    }
    assert.deepEqual((await ask(remembered("a"), 1, [3])).data, halves(0.3));
    assert.deepEqual(counts, [2, 4, 2, 2]);
  }));

Deno.test("descent on a proxy makes the same images, remembered or not", () =>
  withFolder(async (folder) => {
    const context = jobContext();
    const job: DataJob = {
      ...{ dataset: "mnist", attack: "clean-label", trigger: "pattern" },
      source: "all",
      ...{ target: 3, poisonRate: 0.5, seed: 1, limit: 400 },
      perturbation: { ...pgdDefaults, epsStep: 1, steps: 3, randomStarts: 1 },
      proxyNetwork: quickNetwork,
    };
    const { set: plain } = await loadTrainingData(job, context);
    const { set } = await loadTrainingData(job, {
      ...context,
      remember: (perturb, about) => rememberPerturbed(perturb, { folder, ...about }),
    });
    assert.deepEqual(set.perturbed, plain.perturbed);
    assert.deepEqual(set.rows, plain.rows);
    assert.ok(plain.perturbed!.images.shape[0] > 5);
  }));
