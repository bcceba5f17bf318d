/**
 * Proxy models: what perturbations are aimed at, in the place of the model that the attacker cannot see.
 *
 * @module
 */

import { streamSeed } from "../../core/random.ts";
import type { LabelledImages } from "../../core/types.ts";
import type { LoadedDataset } from "../../data/mod.ts";
import type { Engine } from "../../engine/mod.ts";
import { pgd, type PgdNumbers, type PgdPerturbation } from "../../perturb/mod.ts";
import { createAttack } from "../../poison/mod.ts";
import { formatPercent } from "../../core/format.ts";
import type { JobContext } from "../context.ts";
import type { NetworkJob } from "../job.ts";
import { type TrainedNetwork, trainNetwork } from "../train_network.ts";

/**
 * The perturbations of adversarial training, as Mądry et al. use them on small colour images, and by
 * the budget of ART's clean-label notebook on others. (The notebook's steps, .001, would hardly leave
 * the random start.)
 */
export function adversarialNumbers({ shape }: Pick<LoadedDataset, "shape">): PgdNumbers {
  const common = { norm: "inf", steps: 7, randomStarts: 1 } as const;
  return shape[2] === 3
    ? { ...common, eps: 8 / 255, epsStep: 2 / 255 }
    : { ...common, eps: 0.15, epsStep: 0.05 };
}

/** Which proxy. */
export interface ProxyJob {
  readonly kind: PgdPerturbation["proxy"];
  /** Network and recipe, as a rule those of the model that is attacked. */
  readonly network: NetworkJob;
  readonly dataset: LoadedDataset;
  /** What it is trained on. */
  readonly clean: LabelledImages;
  /** The user's; the proxy's own is made from it. */
  readonly seed: number;
}

/**
 * Trains a proxy.
 *
 * @returns The network; dispose of it.
 * @throws The signal's reason, if it fires.
 */
export async function trainProxy(
  { kind, network, dataset, clean, seed }: ProxyJob,
  context: JobContext,
): Promise<TrainedNetwork> {
  const note = (text: string) => context.onEvent({ kind: "note", text });
  note(`training the proxy model, ${network.model}, ${kind}`);
  const attack = createAttack("none", { trigger: null, classes: dataset.labels.length });
  const own = streamSeed(seed, "proxy");
  const set = await attack.poison(clean, { rate: 0, seed: own });
  const trained = await trainNetwork(network, {
    ...{ dataset, attack, set, seed: own },
    attackBatchBy: kind === "adversarial" ? adversary(adversarialNumbers(dataset), own) : undefined,
  }, { ...context, evaluateEpochs: false });
  note(`proxy model: clean accuracy ${formatPercent(trained.evaluation.clean.cleanAccuracy)}`);
  return trained;
}

/** Perturbs each batch away from its true labels, by the weights of the moment. */
function adversary(numbers: PgdNumbers, seed: number) {
  return (engine: Engine) => ({ images, labels }: LabelledImages, step: number) =>
    pgd(images, {
      ...numbers,
      labels,
      gradient: (images, labels) => engine.inputGradient({ images, labels }),
      seed: streamSeed(seed, `adversarial step ${step}`),
    });
}
