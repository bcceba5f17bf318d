import assert from "node:assert/strict";
import {
  describeInputVerdict,
  describeModelVerdict,
  describeRowVerdict,
  describeTogether,
  type InputVerdict,
  nameClass,
} from "../../../../lib/job/mod.ts";

const clean = {
  models: 20,
  largest: 0.412,
  threshold: 1.127,
  falseAlarmRate: 1 / 21,
  fittedRate: 0.01,
};

const verdict = {
  ...{ method: "neural-cleanse", title: "Neural Cleanse", seconds: 2, suspect: 3 },
  ...{ suspicious: true, target: 3, statistic: 3.6149, null: clean, pValue: 1 / 21 },
  trigger: {
    ...{ target: 3, attackSuccess: 0.985, shape: [1, 1, 1] as const },
    ...{ mask: new Float32Array(1), pattern: new Float32Array(1) },
  },
};

Deno.test("a class is named by its number, and by its name if it has another", () => {
  assert.equal(nameClass(3, ["0", "1", "2", "3"]), "class 3");
  assert.equal(nameClass(1, ["cat", "dog"]), "class 1 (dog)");
});

Deno.test("a verdict on a model names the class, the figure and the rate of false alarms", () => {
  assert.equal(
    describeModelVerdict(verdict, ["a", "b", "c", "ship"]),
    "Neural Cleanse takes the model for backdoored: something leads it to class 3 (ship); its " +
      "statistic is 3.61, more than any of 20 clean models had (at most 0.412); above 1.13 a model " +
      "is called suspicious, which at most 1 in 21 clean models is (1 % by the fitted tail). A " +
      "stamp that was worked out from the model turns 98.5 % of clean images into class 3 (ship).",
  );
});

Deno.test("a model without a sign is not called clean", () => {
  const text = describeModelVerdict(
    { ...verdict, suspicious: false, target: null, statistic: 0.2, pValue: 13 / 21 },
    [],
  );
  assert.match(
    text,
    /^Neural Cleanse finds no sign of a backdoor: its statistic is 0\.2, and 12 of 20 /,
  );
  assert.match(text, /Other defences may find what this one does not\.$/);
});

const input: InputVerdict = {
  ...{ method: "strip", title: "STRIP", isNullModel: false, score: -0.01, threshold: -0.03 },
  ...{ falseAlarmRate: 0.01, refused: true, clean: { below: 300, scored: 300 } },
  ...{ scores: new Float32Array(300), forwards: 20, seconds: 0.02 },
};

Deno.test("a verdict on an image says how clean ones score, and how many are refused", () => {
  assert.equal(
    describeInputVerdict(input),
    "STRIP refuses the image: it scores -0.01, higher than all 300 clean images; above -0.03, at " +
      "most 1 % of clean images are refused.",
  );
  assert.match(
    describeInputVerdict({
      ...{ ...input, isNullModel: true, refused: false, score: -0.5 },
      clean: { below: 250, scored: 300 },
    }),
    /^STRIP \(no defence, for comparison\) accepts the image: it scores -0\.5, and 50 of 300 clean /,
  );
});

Deno.test("a verdict on a training set names the label, and how right it is, if that is known", () => {
  const rows = {
    ...{ method: "strip", title: "STRIP over rows", seconds: 2, suspicious: true, class: 0 },
    ...{ statistic: 9, null: clean, pValue: 1 / 21, cutoff: 1, flagged: Uint32Array.of(1, 2) },
  };
  const labels = ["0", "1"];
  assert.match(
    describeRowVerdict(rows, { labels, truth: null }),
    /^STRIP over rows takes the training set for poisoned: rows labelled class 0 .* 2 rows are flagged; .*\.$/,
  );
  const truth = { flagged: 2, poisoned: 4, recall: 0.5, falsePositiveRate: 0.001, auroc: 0.9 };
  assert.match(
    describeRowVerdict(rows, { labels, truth }),
    /In truth 4 rows are poisoned: it flags 50 % of them and 0\.1 % of the others\.$/,
  );
  assert.match(
    describeRowVerdict({ ...rows, suspicious: false }, { labels, truth: null }),
    /^STRIP over rows finds no sign of poisoned rows; the likeliest are those labelled class 0: /,
  );
});

Deno.test("the mistakes of several defences add up", () => {
  assert.equal(
    describeTogether([1 / 21, 1 / 21], "models"),
    "If one of 2 defences is enough, at most 9.52 % of clean models are taken for others.",
  );
  assert.match(describeTogether([0.7, 0.7], "models"), /at most 100 %/);
});
