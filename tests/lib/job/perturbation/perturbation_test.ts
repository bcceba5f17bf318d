/** Perturbations and the proxies that they are aimed at, on a little of MNIST. */

import assert from "node:assert/strict";
import { selectImages } from "../../../../lib/core/select_images.ts";
import type { LabelledImages } from "../../../../lib/core/types.ts";
import { loadDataset } from "../../../../lib/data/mod.ts";
import { predictedLabels } from "../../../../lib/core/predicted_labels.ts";
import { pgd, type PgdPerturbation } from "../../../../lib/perturb/mod.ts";
import { proxyKinds } from "../../../../lib/job/defaults.ts";
import { type DataJob, loadTrainingData } from "../../../../lib/job/mod.ts";
import { trainProxy } from "../../../../lib/job/perturbation/proxy.ts";
import { jobContext, quickNetwork } from "../job_context.ts";

const pgdJob: PgdPerturbation = {
  ...{ kind: "pgd", norm: 2, eps: 4, epsStep: 0.5, steps: 12, randomStarts: 0 },
  proxy: "plain",
};
const job: DataJob = {
  ...{ dataset: "mnist", attack: "clean-label", trigger: "pattern", source: "all", target: 3 },
  ...{ poisonRate: 0.5, seed: 1, limit: 3000, perturbation: pgdJob, withReplacement: false },
  proxyNetwork: quickNetwork,
};

function firstImages({ images, labels }: LabelledImages, count: number): LabelledImages {
  const rows = Uint32Array.from({ length: count }, (_, i) => i);
  return { images: selectImages(images, rows), labels: labels.slice(0, count) };
}

Deno.test("a proxy no longer reads what was perturbed against it; perturbations are within their ball", async () => {
  const context = jobContext();
  const { set, dataset } = await loadTrainingData(job, context);
  const { images, rows, poisoned, manifest } = set;
  assert.ok(set.perturbed !== null);
  const { images: perturbed } = set.perturbed;
  assert.equal(perturbed.shape[0], manifest.poisoned);
  const network = quickNetwork;
  const clean = { images, labels: set.labels };
  const proxyJob = { kind: "plain", network, dataset, clean, seed: 1 } as const;
  using proxy = await trainProxy(proxyJob, context);
  const read = predictedLabels(await proxy.engine.classify(perturbed), 10);
  assert.ok(read.filter((label) => label === 3).length < 0.2 * read.length);
  for (const row of poisoned.keys()) {
    if (poisoned[row] === 0) continue;
    const k = rows[row]! - images.shape[0];
    const length = Math.hypot(
      ...perturbed.data.subarray(k * 784, (k + 1) * 784).map((value, i) =>
        value - images.data[row * 784 + i]!
      ),
    );
    assert.ok(length <= 4 + 1e-4 && length > 1, `${length}`);
  }
  assert.deepEqual(manifest.perturbation, {
    ...{ kind: "pgd", norm: 2, eps: 4, epsStep: 0.5, steps: 12, randomStarts: 0 },
    proxy: {
      ...{ kind: "plain", model: "badnets", recipe: "one-cycle", epochs: 1, batchSize: 64 },
      augmentation: { shift: 1, flip: false, order: "before trigger" },
    },
  });
});

Deno.test("the same job makes the same images", async () => {
  const small: DataJob = { ...job, limit: 600, perturbation: { ...pgdJob, steps: 3 } };
  const once = await loadTrainingData(small, jobContext());
  const again = await loadTrainingData(small, jobContext());
  assert.ok(once.set.manifest.poisoned > 0);
  assert.deepEqual(again.set.perturbed, once.set.perturbed);
});

Deno.test("a proxy that is trained adversarially withstands what fools a plain one", async () => {
  const loaded = await loadDataset("mnist");
  const clean = firstImages(loaded.train, 1000);
  const { images, labels } = firstImages(loaded.test, 200);
  const dataset = { ...loaded, test: { images, labels } };
  const network = { model: "badnets", recipe: "one-cycle", epochs: 4, batchSize: 64, workers: 1 };
  const fooled: number[] = [];
  for (const kind of proxyKinds) {
    const job = { kind, network, dataset, clean, seed: 1 };
    using proxy = await trainProxy(job, jobContext());
    const { engine } = proxy;
    const perturbed = await pgd(images, {
      ...{ norm: "inf", eps: 0.1, epsStep: 0.02, steps: 10, randomStarts: 0, seed: 1 },
      labels,
      gradient: (images, labels) => engine.inputGradient({ images, labels }),
    });
    const read = predictedLabels(await engine.classify(perturbed), 10);
    fooled.push(read.filter((label, i) => label !== labels[i]).length / labels.length);
  }
  const [plain, adversarial] = fooled as [number, number];
  assert.ok(adversarial < 0.75 * plain, `${adversarial}, plain ${plain}`);
});

Deno.test("images are moved in a generator's latent space, each by itself, and the job makes them again", async () => {
  const perturbation = { kind: "gan", latent: 16, tau: 0.4, steps: 4, epochs: 1 } as const;
  const gan: DataJob = { ...job, limit: 600, perturbation };
  const { set } = await loadTrainingData(gan, jobContext());
  const { manifest } = set;
  assert.ok(set.perturbed !== null);
  const { images: perturbed } = set.perturbed;
  assert.equal(perturbed.shape[0], manifest.poisoned);
  assert.ok(perturbed.data.every((value) => value >= 0 && value <= 1));
  assert.deepEqual(manifest.perturbation, perturbation);
  const fewer = await loadTrainingData({ ...gan, poisonRate: 0.25 }, jobContext());
  // Whatever else is perturbed: an image that both have is the same in both.
  const indexOf = ({ rows, labels }: typeof set, row: number) => rows[row]! - labels.length;
  const shared = [...set.poisoned.keys()].filter((row) =>
    set.poisoned[row] === 1 && fewer.set.poisoned[row] === 1
  );
  assert.ok(shared.length > 0);
  assert.deepEqual(
    selectImages(fewer.set.perturbed!.images, shared.map((row) => indexOf(fewer.set, row))),
    selectImages(perturbed, shared.map((row) => indexOf(set, row))),
  );
});

Deno.test("a perturbation that fails is no wrong usage", async () => {
  const remember = () => () => Promise.reject(new RangeError("weights are broken"));
  await assert.rejects(
    loadTrainingData({ ...job, limit: 300 }, jobContext({ remember })),
    { name: "RangeError", message: "weights are broken" },
  );
});

Deno.test("a stopped job stops while it perturbs", async () => {
  const stop = new AbortController();
  const enough = new Error("enough");
  const context = jobContext({
    signal: stop.signal,
    onEvent(event) {
      if (event.kind === "phase" && /^perturbing/.test(event.what)) stop.abort(enough);
    },
  });
  await assert.rejects(
    loadTrainingData({ ...job, limit: 300 }, context),
    (error) => error === enough,
  );
});

Deno.test("a job that perturbs without a network to aim at is refused, not trained without", async () => {
  await assert.rejects(
    loadTrainingData({ ...job, limit: 300, proxyNetwork: undefined }, jobContext()),
    /a job with perturbation pgd must have a proxyNetwork, got none/,
  );
});
