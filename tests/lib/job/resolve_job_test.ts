/** What requests come to; a mistake in one is found in milliseconds, before anything runs. */

import assert from "node:assert/strict";
import { resolveJob, spellFlag, type TrainRequest } from "../../../lib/job/mod.ts";
import { findRecipe, noAugmentation } from "../../../lib/train/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";

/** As a command resolves a request, on a machine of two cores. */
const resolve = (request: TrainRequest) => resolveJob(request, { workers: 2, spell: spellFlag });

Deno.test("an empty request is the contract's default, in plain JSON", () => {
  const job = resolve({});
  assert.deepEqual(job, {
    dataset: "mnist",
    model: "article",
    attack: "single-target",
    trigger: "pattern",
    source: "all",
    target: 0,
    poisonRate: 0.1,
    recipe: "one-cycle",
    seed: 1,
    workers: 2,
  });
  assert.deepEqual(JSON.parse(JSON.stringify(job)), job);
});

Deno.test("augmentation is the recipe's, in the order asked for, or none", () => {
  const flags: TrainRequest = { recipe: "residual" };
  assert.deepEqual(resolve({ ...flags, augment: "after-trigger" }).augmentation, {
    shift: 4,
    flip: true,
    order: "after trigger",
  });
  assert.deepEqual(resolve({ ...flags, augment: "none" }).augmentation, noAugmentation);
  const explicit = resolve({ ...flags, augment: "before-trigger" }).augmentation;
  assert.deepEqual(explicit, findRecipe("residual").augmentation);
});

Deno.test("clean-label is by default as in ART's notebook, on half of the target class", () => {
  const { poisonRate, perturbation, withReplacement } = resolve({ attack: "clean-label" });
  assert.deepEqual([poisonRate, withReplacement], [0.5, true]);
  assert.deepEqual(perturbation, {
    ...{ kind: "pgd", norm: 2, eps: 5, epsStep: 0.1, steps: 200, randomStarts: 0 },
    proxy: "plain",
  });
});

Deno.test("a budget is that of its norm", () => {
  const budgetOf = (norm: "inf" | 2, eps?: number) => {
    const { perturbation } = resolve({ attack: "clean-label", norm, eps });
    return perturbation?.kind === "pgd" ? [perturbation.eps, perturbation.epsStep] : [];
  };
  assert.deepEqual([budgetOf(2), budgetOf("inf"), budgetOf("inf", 0.1)], [
    ...[[5, 0.1], [0.3, 0.1], [0.1, 0.1]],
  ]);
});

Deno.test("flags of clean-label reach its perturbation and its drawing", () => {
  const attack = { attack: "clean-label", withoutReplacement: true } as const;
  const numbers = { norm: "inf", eps: 0.3, epsStep: 0.01, steps: 40, randomStarts: 2 } as const;
  const job = resolve({ ...attack, ...numbers, proxy: "adversarial" });
  assert.deepEqual(job.perturbation, { kind: "pgd", ...numbers, proxy: "adversarial" });
  assert.equal(job.withReplacement, false);
  const baseline = resolve({ ...attack, perturbation: "none" });
  assert.deepEqual(baseline.perturbation, { kind: "none" });
  const ofGan = { latent: 32, tau: 0.5, steps: 40 };
  const gan = resolve({
    ...attack,
    perturbation: "gan",
    ...ofGan,
    ganEpochs: 2,
  });
  assert.deepEqual(gan.perturbation, { kind: "gan", ...ofGan, epochs: 2 });
});

Deno.test("workers are as many as asked for, and the machine's if nothing is asked", () => {
  assert.deepEqual([resolve({ workers: 3 }).workers, resolve({}).workers], [3, 2]);
});

Deno.test("a perturbation is aimed at the job's own network, and nothing else is", () => {
  const { proxyNetwork, ...job } = resolve({ attack: "clean-label", model: "badnets", epochs: 3 });
  assert.deepEqual(proxyNetwork, {
    ...{ model: "badnets", recipe: "one-cycle", epochs: 3, workers: 2 },
  });
  assert.equal(job.perturbation?.kind, "pgd");
  const none = resolve({ attack: "clean-label", perturbation: "none" });
  assert.deepEqual([none.proxyNetwork, none.perturbation], [undefined, { kind: "none" }]);
  assert.equal(resolve({}).proxyNetwork, undefined);
});

Deno.test("a trigger travels as its manifest", () => {
  const { manifest } = createTrigger("pixel,corner", { amplitude: 0.25 });
  assert.deepEqual(resolve({ trigger: manifest }).trigger, manifest);
});

const contradictions: readonly [flags: TrainRequest, message: string][] = [
  [
    { attack: "none", trigger: "pixel" },
    "Cannot make attack: --trigger cannot be combined with --attack none, for which it has no meaning, got pixel; leave one of them out",
  ],
  [
    { attack: "none", poisonRate: 0.2 },
    "Cannot make attack: --poison-rate cannot be combined with --attack none, for which it has no meaning, " +
    "got 0.2; leave one of them out",
  ],
  [
    { attack: "all-to-all", source: 1 },
    "Cannot make attack: --source cannot be combined with --attack all-to-all, for which it has no meaning, " +
    "got 1; leave one of them out",
  ],
  [
    { depth: 14 },
    "Cannot train: --depth cannot be combined with --model article, which has one depth, got 14; leave " +
    "one of them out",
  ],
  [
    { recipe: "article", augment: "after-trigger" },
    "Cannot train: --augment must be none with --recipe article, which takes images as they are, got " +
    "after-trigger; leave one of them out",
  ],
  [
    { eps: 5 },
    "Cannot make attack: --eps cannot be combined with --attack single-target, for which it has no " +
    "meaning, got 5; leave one of them out",
  ],
  [
    { attack: "clean-label", source: 1 },
    "Cannot make attack: --source cannot be combined with --attack clean-label, for which it has no " +
    "meaning, got 1; leave one of them out",
  ],
  [
    { attack: "clean-label", perturbation: "none", proxy: "plain" },
    "Cannot make attack: --proxy cannot be combined with --perturbation none, for which it has no " +
    "meaning, got plain; leave one of them out",
  ],
  [
    { attack: "clean-label", perturbation: "gan", eps: 2 },
    "Cannot make attack: --eps cannot be combined with --perturbation gan, for which it has no " +
    "meaning, got 2; leave one of them out",
  ],
  [
    { attack: "clean-label", tau: 0.2 },
    "Cannot make attack: --tau cannot be combined with --perturbation pgd, for which it has no " +
    "meaning, got 0.2; leave one of them out",
  ],
  [
    { attack: "clean-label", norm: 1, eps: 40 },
    "Cannot make attack: --eps and --eps-step must be given with --norm 1, which has no usual " +
    "budget, got 40 and none",
  ],
  [
    { source: 0 },
    "Cannot make attack: --source and --target must be different classes, got 0 for both",
  ],
  [
    { model: "resnet", depth: 9 },
    "Cannot train: --depth must be 6n + 2 for an n from 1 with --model resnet, got 9",
  ],
  [
    { attack: "none", triggerNumbers: { amplitude: 0.5 } },
    "Cannot make attack: --trigger-amplitude cannot be combined with --attack none, for which it has " +
    "no meaning, got 0.5; leave one of them out",
  ],
  [
    { triggerNumbers: { amplitude: 0.5 } },
    "Cannot make trigger pattern: --trigger-amplitude belongs to corner, corners, got 0.5; leave it " +
    "out, or choose what takes it",
  ],
  [
    { trigger: "pixel,corner", triggerNumbers: { value: 2 } },
    "Cannot make trigger pixel,corner: --trigger-value must be a number from 0 to 1, got 2",
  ],
  [
    { attackNumbers: { cover: 2 } },
    "Cannot make attack single-target: --cover belongs to none that there is, got 2; leave it out, " +
    "or choose what takes it",
  ],
];
for (const [flags, message] of contradictions) {
  Deno.test(`${JSON.stringify(flags)} is refused`, () => {
    assert.throws(() => resolve(flags), { name: "UsageError", message });
  });
}

const unknown: readonly [request: TrainRequest, message: RegExp][] = [
  [{ dataset: "svhn" }, /name must be one of mnist, .*, got svhn/],
  [{ attack: "some-to-any" }, /kind must be one of none, .*, got some-to-any/],
  [{ trigger: "pixel,star" }, /kind must be one of pixel, .*, got star/],
  [{ model: "alexnet" }, /network must be one of article, .*, got alexnet/],
  [{ augment: "after-trigger", recipe: "slow" }, /recipe must be one of one-cycle, .*, got slow/],
];
for (const [request, message] of unknown) {
  Deno.test(`${JSON.stringify(request)} is not found`, () => {
    assert.throws(() => resolve(request), { name: "NotFoundError", message });
  });
}
