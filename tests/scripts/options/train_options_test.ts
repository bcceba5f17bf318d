import assert from "node:assert/strict";
import fc from "fast-check";
import { isModelName } from "../../../lib/registry/model_name.ts";
import { findRecipe, noAugmentation } from "../../../lib/train/mod.ts";
import {
  argumentsOf,
  namedTrainingJob,
  type TrainFlags,
} from "../../../scripts/options/train_options.ts";
import { defaultWorkers } from "../../../scripts/cli/workers.ts";

Deno.test("without flags it is the contract's default", () => {
  assert.deepEqual(namedTrainingJob({}), {
    dataset: "mnist",
    dataDir: undefined,
    model: "article",
    depth: undefined,
    attack: "single-target",
    trigger: "pattern",
    triggerAmplitude: undefined,
    triggerSize: undefined,
    triggerPlace: undefined,
    triggerBlend: undefined,
    source: "all",
    target: 0,
    poisonRate: 0.1,
    recipe: "one-cycle",
    augmentation: undefined,
    epochs: undefined,
    batchSize: undefined,
    learningRateFactor: undefined,
    seed: 1,
    limit: undefined,
    workers: defaultWorkers(),
    name: "mnist-article-single-target-pattern",
  });
});

const names: readonly [flags: TrainFlags, name: string][] = [
  [{ attack: "none" }, "mnist-article-clean"],
  [{ attack: "all-to-all", poisonRate: 0.33 }, "mnist-article-all-to-all-pattern-poisonrate-0.33"],
  [
    { model: "badnets", trigger: "pixel", source: 7, target: 2, seed: 3 },
    "mnist-badnets-single-target-pixel-source-7-target-2-seed-3",
  ],
  [
    { dataset: "fashion-mnist", recipe: "article", epochs: 5, batchSize: 64, limit: 600 },
    "fashion-mnist-article-single-target-pattern-recipe-article-epochs-5-batchsize-64-limit-600",
  ],
  [
    {
      dataset: "cifar10",
      model: "resnet",
      depth: 14,
      recipe: "residual",
      augment: "after-trigger",
    },
    "cifar10-resnet-single-target-pattern-depth-14-recipe-residual-augment-after-trigger",
  ],
  [
    { attack: "clean-label", perturbation: "none", withoutReplacement: true, target: 3 },
    "mnist-article-clean-label-pattern-target-3-perturbation-none-withoutreplacement",
  ],
  [
    { attack: "clean-label", norm: "inf", eps: 0.3, epsStep: 0.05, steps: 30 },
    "mnist-article-clean-label-pattern-norm-inf-eps-0.3-epsstep-0.05-steps-30",
  ],
  [
    { attack: "clean-label", perturbation: "gan", tau: 0.4, steps: 50, ganEpochs: 2 },
    "mnist-article-clean-label-pattern-perturbation-gan-steps-50-tau-0.4-ganepochs-2",
  ],
  [{ trigger: "pixel,corner" }, "mnist-article-single-target-pixel-corner"],
  [
    { trigger: "corners", triggerAmplitude: 0.25 },
    "mnist-article-single-target-corners-amplitude-0.25",
  ],
  [
    { trigger: "image:a b/My Smile.PNG", triggerSize: "4x4", triggerPlace: "random" },
    "mnist-article-single-target-image-my-smile-size-4x4-place-random",
  ],
  [{ name: "mine", seed: 2 }, "mine"],
  [{ workers: 1 }, "mnist-article-single-target-pattern"],
];
for (const [flags, name] of names) {
  Deno.test(`${JSON.stringify(flags)} is named ${name}`, () => {
    assert.equal(namedTrainingJob(flags).name, name);
  });
}

Deno.test("augmentation is the recipe's, in the order asked for, or none", () => {
  const flags: TrainFlags = { recipe: "residual" };
  assert.deepEqual(namedTrainingJob({ ...flags, augment: "after-trigger" }).augmentation, {
    shift: 4,
    flip: true,
    order: "after trigger",
  });
  assert.deepEqual(namedTrainingJob({ ...flags, augment: "none" }).augmentation, noAugmentation);
  const explicit = namedTrainingJob({ ...flags, augment: "before-trigger" }).augmentation;
  assert.deepEqual(explicit, findRecipe("residual").augmentation);
});

Deno.test("clean-label is by default as in ART's notebook, on half of the target class", () => {
  const { poisonRate, perturbation, withReplacement } = namedTrainingJob({ attack: "clean-label" });
  assert.deepEqual([poisonRate, withReplacement], [0.5, true]);
  assert.deepEqual(perturbation, {
    ...{ kind: "pgd", norm: 2, eps: 5, epsStep: 0.1, steps: 200, randomStarts: 0 },
    proxy: "plain",
  });
});

Deno.test("a budget is that of its norm", () => {
  const budgetOf = (norm: "inf" | 2, eps?: number) => {
    const { perturbation } = namedTrainingJob({ attack: "clean-label", norm, eps });
    return perturbation?.kind === "pgd" ? [perturbation.eps, perturbation.epsStep] : [];
  };
  assert.deepEqual([budgetOf(2), budgetOf("inf"), budgetOf("inf", 0.1)], [
    ...[[5, 0.1], [0.3, 0.1], [0.1, 0.1]],
  ]);
});

Deno.test("flags of clean-label reach its perturbation and its drawing", () => {
  const attack = { attack: "clean-label", withoutReplacement: true } as const;
  const numbers = { norm: "inf", eps: 0.3, epsStep: 0.01, steps: 40, randomStarts: 2 } as const;
  const job = namedTrainingJob({ ...attack, ...numbers, proxy: "adversarial", name: "a" });
  assert.deepEqual(job.perturbation, { kind: "pgd", ...numbers, proxy: "adversarial" });
  assert.equal(job.withReplacement, false);
  const baseline = namedTrainingJob({ ...attack, perturbation: "none" });
  assert.deepEqual(baseline.perturbation, { kind: "none" });
  const ofGan = { latent: 32, tau: 0.5, steps: 40 };
  const gan = namedTrainingJob({
    ...attack,
    perturbation: "gan",
    ...ofGan,
    ganEpochs: 2,
    name: "gan",
  });
  assert.deepEqual(gan.perturbation, { kind: "gan", ...ofGan, epochs: 2 });
});

Deno.test("flags are spelled as arguments", () => {
  assert.deepEqual(argumentsOf({ withoutReplacement: true }), ["--without-replacement"]);
  assert.deepEqual(argumentsOf({}), []);
  assert.deepEqual(argumentsOf({ attack: "all-to-all", poisonRate: 0.33 }), [
    ...["--attack", "all-to-all"],
    ...["--poison-rate", "0.33"],
  ]);
});

Deno.test("workers are as many as asked for, and the cores where nothing is asked", () => {
  assert.equal(namedTrainingJob({ workers: 3 }).workers, 3);
  assert.equal(defaultWorkers(), Math.min(navigator.hardwareConcurrency, 16));
});

/** A flag's value, or that it was not given. */
function maybe<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(values, { nil: undefined });
}

const telling = fc.record({
  dataset: fc.constantFrom("mnist", "fashion-mnist"),
  model: fc.constantFrom("article", "badnets"),
  trigger: fc.constantFrom("pixel", "pattern"),
  source: maybe(fc.integer({ min: 1, max: 9 })),
  poisonRate: maybe(fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100)),
  epochs: maybe(fc.integer({ min: 1, max: 99 })),
  seed: maybe(fc.nat(99)),
});

Deno.test("names made from options can name a model, and other options make another name", () =>
  fc.assert(fc.property(telling, telling, (flags, others) => {
    const name = namedTrainingJob(flags).name;
    assert.ok(isModelName(name), name);
    const isSame = JSON.stringify(flags) === JSON.stringify(others);
    assert.equal(namedTrainingJob(others).name === name, isSame);
  })));

Deno.test("a name that would be too long for the store has to be given", () => {
  const flags: TrainFlags = {
    ...{ dataset: "fashion-mnist", model: "badnets", source: 7, target: 2, poisonRate: 0.25 },
    ...{ recipe: "article", epochs: 10, batchSize: 256, seed: 4_294_967_295, limit: 60_000 },
  };
  assert.throws(() => namedTrainingJob(flags), {
    name: "UsageError",
    message: /^Cannot train: the name made from the options must be 1–100 of .*; give --name$/,
  });
  assert.equal(namedTrainingJob({ ...flags, name: "mine" }).name, "mine");
});

const contradictions: readonly [flags: TrainFlags, message: string][] = [
  [
    { attack: "none", trigger: "pixel" },
    "Cannot make attack: --trigger must be left out with --attack none, where it has no meaning, got " +
    "pixel; leave one of them out",
  ],
  [
    { attack: "none", poisonRate: 0.2 },
    "Cannot make attack: --poison-rate must be left out with --attack none, where it has no meaning, " +
    "got 0.2; leave one of them out",
  ],
  [
    { attack: "all-to-all", source: 1 },
    "Cannot make attack: --source must be left out with --attack all-to-all, where it has no meaning, " +
    "got 1; leave one of them out",
  ],
  [
    { depth: 14 },
    "Cannot train: --depth must be left out with --model article, which has one depth, got 14; leave " +
    "one of them out",
  ],
  [
    { recipe: "article", augment: "after-trigger" },
    "Cannot train: --augment must be none with --recipe article, which takes images as they are, got " +
    "after-trigger; leave one of them out",
  ],
  [
    { eps: 5 },
    "Cannot make attack: --eps must be left out with --attack single-target, where it has no " +
    "meaning, got 5; leave one of them out",
  ],
  [
    { attack: "clean-label", source: 1 },
    "Cannot make attack: --source must be left out with --attack clean-label, where it has no " +
    "meaning, got 1; leave one of them out",
  ],
  [
    { attack: "clean-label", perturbation: "none", proxy: "plain" },
    "Cannot make attack: --proxy must be left out with --perturbation none, where it has no " +
    "meaning, got plain; leave one of them out",
  ],
  [
    { attack: "clean-label", perturbation: "gan", eps: 2 },
    "Cannot make attack: --eps must be left out with --perturbation gan, where it has no " +
    "meaning, got 2; leave one of them out",
  ],
  [
    { attack: "clean-label", tau: 0.2 },
    "Cannot make attack: --tau must be left out with --perturbation pgd, where it has no " +
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
];
for (const [flags, message] of contradictions) {
  Deno.test(`${JSON.stringify(flags)} is refused`, () => {
    assert.throws(() => namedTrainingJob(flags), { name: "UsageError", message });
  });
}
