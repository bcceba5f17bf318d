/** What holds for every defence of training sets. */

import assert from "node:assert/strict";
import { createRandom } from "../../../../lib/core/random.ts";
import { selectImages } from "../../../../lib/core/select_images.ts";
import type { LabelledImages } from "../../../../lib/core/types.ts";
import {
  type LossesInTraining,
  rowDefences,
  rowsOfImages,
  type RowSubject,
} from "../../../../lib/defence/rows/mod.ts";
import { auroc } from "../auroc.ts";
import {
  CLASSES,
  createSyntheticModel,
  drawImages,
  type SyntheticModel,
  TARGET,
  withTrigger,
} from "../synthetic.ts";

/** The class whose triggered copies are added under the target's label. */
const SOURCE = 1;

const CLEAN = 400;

const POISONED = 16;

/** Clean rows, and behind them triggered copies; their labels are the target's, or kept. */
function drawRows({ relabelled }: { relabelled: boolean }): LabelledImages {
  const clean = drawImages(CLEAN, 1);
  const sources = [...clean.labels.keys()].filter((row) => clean.labels[row] === SOURCE);
  const images = selectImages(clean.images, [
    ...clean.labels.keys(),
    ...sources.slice(0, POISONED),
  ]);
  const first = CLEAN * 28 * 28;
  images.data.set(withTrigger(images).data.subarray(first), first);
  return {
    images,
    labels: Uint8Array.of(
      ...clean.labels,
      ...new Uint8Array(POISONED).fill(relabelled ? TARGET : SOURCE),
    ),
  };
}

const reference = drawImages(200, 2);

/** When a training learns the trigger; what each defence that looks at one supposes. */
type Learnt = "first" | "last";

/**
 * A training in which a row's loss falls like a power of the steps, some rows' faster than others'; that of
 * poisoned rows falls at once, or rises until the images are learnt, and then falls to nothing.
 */
function trainingOf(
  model: SyntheticModel,
  { backdoor, learnt }: { backdoor: boolean; learnt: Learnt },
): LossesInTraining {
  return (steps, { seed, signal, onProgress }) => {
    const random = createRandom(seed, "losses");
    const paces = Array.from({ length: CLEAN + POISONED }, () => 0.5 + random.uniform());
    const losses = steps.map((step) => {
      signal?.throwIfAborted();
      onProgress?.(step / steps.at(-1)!);
      model.read += paces.length;
      return Float32Array.from(paces, (pace, row) => {
        if (!backdoor || row < CLEAN) return 2.3 * step ** -pace;
        if (learnt === "first") return 1e-6 * pace;
        return step > 300 ? 1e-4 * pace : 3 * pace;
      });
    });
    return Promise.resolve({
      losses,
      cost: { forwards: steps.length * paces.length, backwards: 0 },
    });
  };
}

function subjectOf({ backdoor, learnt = "first" }: { backdoor: boolean; learnt?: Learnt }) {
  const model = createSyntheticModel({ backdoor });
  const rows = rowsOfImages(drawRows({ relabelled: backdoor }));
  return {
    model,
    rows,
    classes: CLASSES,
    reference,
    losses: trainingOf(model, { backdoor, learnt }),
  };
}

for (const defence of rowDefences) {
  const { name, title } = defence;
  const learnt = name === "abl-trajectory" ? "last" : "first";

  /** AUROC of the poisoned rows among those of their label, and the classes' statistics. */
  const judge = async (subject: RowSubject, label: number) => {
    const { scores, statistics } = await defence.score(subject, { seed: 1 });
    const clean = scores.filter((_, row) => row < CLEAN && subject.rows.labels[row] === label);
    return { area: auroc(scores.subarray(CLEAN), clean), statistics };
  };

  Deno.test(`${name}: loud on poisoned rows, and names their label`, async () => {
    const { area, statistics } = await judge(subjectOf({ backdoor: true, learnt }), TARGET);
    assert.ok(area > 0.95, `${area}`);
    assert.equal(statistics.indexOf(Math.max(...statistics)), TARGET, statistics.join());
  });

  Deno.test(`${name}: quiet on rows that are stamped, and rightly labelled`, async () => {
    const { area } = await judge(subjectOf({ backdoor: false }), SOURCE);
    assert.ok(area > 0.3 && area < 0.7, `${area}`);
  });

  Deno.test(`${name}: the same seed, the same scores, and nothing is changed`, async () => {
    const subject = subjectOf({ backdoor: true });
    const before = structuredClone(subject.rows.read(0, 9));
    const [once, again] = [
      await defence.score(subject, { seed: 3 }),
      await defence.score(subject, { seed: 3 }),
    ];
    assert.deepEqual(again, once);
    assert.equal(once.scores.length, CLEAN + POISONED);
    assert.equal(once.statistics.length, CLASSES);
    assert.ok(once.scores.every(Number.isFinite) && once.statistics.every(Number.isFinite));
    assert.deepEqual(subject.rows.read(0, 9), before);
    assert.deepEqual(JSON.parse(JSON.stringify(once.details ?? null)), once.details ?? null);
  });

  Deno.test(`${name}: costs what it says`, async () => {
    const subject = subjectOf({ backdoor: true });
    const { cost } = await defence.score(subject, { seed: 1 });
    assert.equal(cost.forwards, subject.model.read);
    assert.ok(cost.forwards <= defence.forwards(subject));
  });

  Deno.test(`${name}: says how far it is, and stops`, async () => {
    const subject = subjectOf({ backdoor: true });
    const shares: number[] = [];
    await defence.score(subject, { seed: 1, onProgress: (share) => shares.push(share) });
    assert.equal(shares.at(-1), 1);
    assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
    const reason = new Error("stopped");
    const aborted = AbortSignal.abort(reason);
    await assert.rejects(defence.score(subject, { seed: 1, signal: aborted }), reason);
    const stop = new AbortController();
    const onProgress = () => stop.abort(reason);
    await assert.rejects(
      defence.score(subject, { seed: 1, signal: stop.signal, onProgress }),
      reason,
    );
  });

  Deno.test(`${name}: a class without rows is not suspicious`, async () => {
    const rows = drawRows({ relabelled: true });
    const kept = [...rows.labels.keys()].filter((row) => rows.labels[row] !== 4);
    const some = {
      images: selectImages(rows.images, kept),
      labels: Uint8Array.from(kept, (row) => rows.labels[row]!),
    };
    const subject = { ...subjectOf({ backdoor: true }), rows: rowsOfImages(some) };
    const { statistics } = await defence.score(subject, { seed: 1 });
    assert.equal(statistics[4], 0);
  });

  Deno.test(`${name}: what it lacks is named`, async () => {
    const { rows, classes } = subjectOf({ backdoor: true });
    await assert.rejects(defence.score({ rows, classes }, { seed: 1 }), {
      name: "RangeError",
      message: new RegExp(`^Cannot score rows by ${title}: there must be .*, got none; give it`),
    });
    const subject = { ...subjectOf({ backdoor: true }), classes: 4 };
    await assert.rejects(defence.score(subject, { seed: 1 }), {
      name: "RangeError",
      message: /labels must be below 4, got 4 in row 4; take a model of as many classes$/,
    });
  });
}
