import assert from "node:assert/strict";
import type { AttackAnswer } from "../../../routes/api/attack_answer.ts";
import { describeOriginal, describeOutcome } from "../../../routes/islands/describe_outcome.ts";

const labels = [..."0123456789"];

const context = { labels, subject: "digit" };

/** Readings before and after the trigger; `clean` is left out where there is no twin. */
interface Readings {
  readonly backdoored: readonly [number, number];
  readonly clean?: readonly [number, number];
  readonly target?: number;
  readonly kind?: "pixel" | "pattern";
  readonly pixels?: AttackAnswer["trigger"]["pixels"];
  readonly value?: number;
}

const ownTrigger = { kind: "pattern", distance: 2, value: 1 } as const;

const pattern = [[26, 26], [25, 25], [26, 24], [24, 26]] as const;

function answer(readings: Readings): AttackAnswer {
  const { backdoored, clean, target = 0, kind = "pattern", pixels = pattern, value = 1 } = readings;
  const reading = (stage: 0 | 1) => ({
    png: "data:image/png;base64,",
    predictions: [{ backdoored: true, label: backdoored[stage] }]
      .concat(clean ? [{ backdoored: false, label: clean[stage] }] : [])
      .map((one) => ({
        ...one,
        model: "model",
        cleanAccuracy: null,
        confidence: 1,
        probabilities: [],
      })),
  });
  return {
    image: { width: 28, height: 28, channels: 1 },
    trigger: { kind, distance: 2, value, pixels },
    original: reading(0),
    poisoned: reading(1),
    flipped: backdoored[0] !== backdoored[1] && backdoored[1] === target,
    target,
  };
}

Deno.test("a flip is told with the clean model's unmoved reading", () => {
  const outcome = describeOutcome(answer({ backdoored: [7, 0], clean: [7, 7] }), context);
  assert.equal(outcome.headline, "Flipped");
  assert.equal(
    outcome.text,
    "Four pixels were set to white. The clean model still says 7; the backdoored model now says " +
      "0, the class that its attacker chose.",
  );
});

Deno.test("a clean model that moves, or differed before, is not passed over", () => {
  const moved = describeOutcome(answer({ backdoored: [7, 0], clean: [7, 1] }), context);
  assert.match(moved.text, /The clean model changed its answer, from 7 to 1; the backdoored/);
  const differed = describeOutcome(answer({ backdoored: [7, 0], clean: [1, 1] }), context);
  assert.match(
    differed.text,
    /says 1 both times, where the backdoored one said 7; the backdoored/,
  );
});

Deno.test("without a clean twin none is claimed", () => {
  const { headline, text } = describeOutcome(answer({ backdoored: [7, 0] }), context);
  assert.equal(headline, "Flipped");
  assert.match(text, /There is no clean model to compare with, and the first answer was 7;/);
});

Deno.test("a trigger that does nothing is told so, with the trigger that would do", () => {
  const pixel = { kind: "pixel", pixels: [[26, 26]] } as const;
  const { headline, text } = describeOutcome(
    answer({ ...pixel, backdoored: [7, 7], clean: [7, 7] }),
    { ...context, ownTrigger },
  );
  assert.equal(headline, "Not flipped");
  assert.match(text, /^One pixel was set to white\. .*the backdoored model still says 7\./);
  assert.match(text, /It was trained to obey another trigger: pattern of pixels\.$/);
});

Deno.test("the model's own trigger that does nothing is not blamed on another", () => {
  const { headline, text } = describeOutcome(
    answer({ backdoored: [7, 7], clean: [7, 7] }),
    { ...context, ownTrigger },
  );
  assert.equal(headline, "Not flipped");
  assert.doesNotMatch(text, /another trigger/);
});

Deno.test("a change to a class that is not the target is no flip", () => {
  const { headline, text } = describeOutcome(
    answer({ backdoored: [7, 3], clean: [7, 7] }),
    context,
  );
  assert.equal(headline, "Not flipped");
  assert.match(text, /now says 3, not 0, the class that its attacker chose\.$/);
});

Deno.test("an image that is read as the target already has nothing to flip", () => {
  const { headline, text } = describeOutcome(
    answer({ backdoored: [0, 0], clean: [0, 0] }),
    { ...context, truth: 0 },
  );
  assert.equal(headline, "Nothing to flip");
  assert.match(text, /says 0 even without the trigger/);
  assert.doesNotMatch(text, /takes this/);
});

Deno.test("a misread sample is admitted first", () => {
  const { text } = describeOutcome(
    answer({ backdoored: [1, 0], clean: [7, 7] }),
    { ...context, truth: 7 },
  );
  assert.match(text, /^Even without the trigger, the backdoored model takes this 7 for 1\. Four/);
});

Deno.test("classes go by their names, other shades and counts by their figures", () => {
  const pixels = Array.from({ length: 12 }, (_, column) => [0, column] as const);
  const { text } = describeOutcome(
    answer({ backdoored: [1, 2], clean: [1, 1], target: 2, value: 0.5, pixels }),
    { ...context, labels: ["T-shirt/top", "Trouser", "Pullover"] },
  );
  assert.match(text, /^12 pixels were set to 0\.5 of white\. The clean model still says Trouser;/);
  assert.match(text, /now says Pullover, the class/);
});

Deno.test("each kind of trigger is told in words of its own", () => {
  const pixels = [[0, 0], [0, 1]] as const;
  const image = { height: 1, width: 2, rgba: "", sha256: "" };
  const cases: readonly [AttackAnswer["trigger"], RegExp][] = [
    [{ kind: "corner", amplitude: 1, pixels }, /^Two pixels were set to black or white\. /],
    [
      { kind: "corners", amplitude: 0.25, pixels },
      /^Two pixels were made lighter or darker by 0\.25 of white\. /,
    ],
    [
      { kind: "image", image, blend: 0.8, place: { seed: 1 }, pixels },
      /^Two pixels were covered by an image\. /,
    ],
    [
      { kind: "sequence", triggers: [ownTrigger, { kind: "corner", amplitude: 1 }], pixels },
      /^Two pixels were changed by several triggers: pattern of pixels, then patch in one corner\. /,
    ],
  ];
  for (const [trigger, words] of cases) {
    const { text } = describeOutcome({ ...answer({ backdoored: [7, 0] }), trigger }, context);
    assert.match(text, words);
  }
});

Deno.test("a model attacked on one class says why another class does not flip", () => {
  const names = ["stop sign", "speed limit", "yield sign"];
  const told = (source: number | "all", before: number) =>
    describeOutcome(answer({ backdoored: [before, before], clean: [before, before] }), {
      ...context,
      labels: names,
      subject: "traffic sign",
      source,
    });
  const other = told(1, 2);
  assert.equal(other.headline, "Not flipped");
  assert.match(
    other.text,
    /Its attacker poisoned images of speed limit alone: on any other traffic sign the trigger is meant to do nothing\. Try speed limit\.$/,
  );
  for (const { text } of [told("all", 2), told(1, 1)]) assert.doesNotMatch(text, /alone/);
});

Deno.test("before the stamp, what both models say is told, and that the trigger is to come", () => {
  const agreed = describeOriginal(answer({ backdoored: [7, 0], clean: [7, 7] }), context);
  assert.deepEqual(agreed, {
    headline: "Both models say 7",
    text: "Stamp the trigger and see which model obeys it.",
  });
  const differing = describeOriginal(answer({ backdoored: [1, 0], clean: [7, 7] }), {
    ...context,
    truth: 7,
  });
  assert.equal(differing.headline, "The clean model says 7, the backdoored one 1");
  assert.match(
    differing.text,
    /^Even without the trigger, the backdoored model takes this 7 for 1/,
  );
  const alone = describeOriginal(answer({ backdoored: [7, 0] }), context);
  assert.equal(alone.headline, "The backdoored model says 7");
  assert.match(alone.text, /^There is no clean model to compare with\. Stamp /);
});

Deno.test("before the stamp, an image of the target's class is told to be of no use", () => {
  const { text } = describeOriginal(answer({ backdoored: [0, 0], clean: [0, 0] }), context);
  assert.match(text, /^0 is the class that the attacker chose: .* Try another digit\.$/);
});

Deno.test("an answer without a backdoored model cannot be described", () => {
  const whole = answer({ backdoored: [7, 0], clean: [7, 7] });
  const clean = whole.original.predictions.filter(({ backdoored }) => !backdoored);
  const without = { ...whole, original: { ...whole.original, predictions: clean } };
  for (const describe of [describeOriginal, describeOutcome]) {
    assert.throws(() => describe(without, context), /no backdoored model/);
  }
});
