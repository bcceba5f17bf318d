import assert from "node:assert/strict";
import { decode, encode } from "fast-png";
import {
  createImageTrigger,
  createSequence,
  createTrigger,
  createTriggerImage,
} from "../../../lib/trigger/mod.ts";
import { createCheckedApp as createApp } from "../checked_app.ts";
import type { AttackAnswer } from "../../../routes/api/attack_answer.ts";
import { createFakePool, fakeCleanManifest, fakeManifest, fakeManifests } from "../fake_pool.ts";
import { digitJpeg, digitPng } from "../sample_image.ts";

const pattern = [[26, 26], [25, 25], [26, 24], [24, 26]];

function attack(
  body: BodyInit,
  { query = "", app = createApp({ pool: createFakePool() }), headers = {} } = {},
): Response | Promise<Response> {
  return app.request(`/api/attack${query}`, { method: "POST", body, headers });
}

async function answerOf(response: Response | Promise<Response>): Promise<AttackAnswer> {
  const { status, text } = await textOf(await response);
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

async function textOf(response: Response): Promise<{ status: number; text: string }> {
  return { status: response.status, text: await response.text() };
}

function pixelsOf(dataUrl: string): ArrayLike<number> {
  const [head, base64] = dataUrl.split(",");
  assert.equal(head, "data:image/png;base64");
  return decode(Uint8Array.fromBase64(base64 ?? "")).data;
}

Deno.test("an attack shows both images and what both models say to each", async () => {
  const answer = await answerOf(attack(digitPng(7)));

  assert.deepEqual(Object.keys(answer), [
    "image",
    "trigger",
    "original",
    "poisoned",
    "flipped",
    "target",
  ]);
  assert.deepEqual(answer.image, { width: 28, height: 28, channels: 1 });
  assert.deepEqual(answer.trigger, { kind: "pattern", distance: 2, value: 1, pixels: pattern });
  assert.deepEqual(
    answer.original.predictions.map(({ model, backdoored, label }) => [model, backdoored, label]),
    [["digits", true, 7], ["digits-clean", false, 7]],
  );
  assert.deepEqual(answer.poisoned.predictions.map(({ label }) => label), [0, 7]);
  assert.equal(answer.flipped, true);
  assert.equal(answer.target, 0);
  for (const { label, confidence, probabilities } of answer.original.predictions) {
    assert.equal(probabilities.length, 10);
    assert.equal(confidence, 0.75);
    assert.equal(probabilities[label], confidence);
  }
});

Deno.test("the images that an attack shows differ in the trigger's pixels and nowhere else", async () => {
  const answer = await answerOf(attack(digitPng(7)));
  const original = pixelsOf(answer.original.png);
  const poisoned = pixelsOf(answer.poisoned.png);
  assert.equal(original.length, 28 * 28);
  const changed = Array.from(original).flatMap((value, i) => value === poisoned[i] ? [] : [i]);
  assert.deepEqual(
    new Set(changed),
    new Set(pattern.map(([row, column]) => row! * 28 + column!)),
  );
  assert.ok(changed.every((i) => poisoned[i] === 255));
});

Deno.test("an image of the target class is not flipped by being read as what it is", async () => {
  const answer = await answerOf(attack(digitPng(0)));
  assert.equal(answer.poisoned.predictions[0]?.label, 0);
  assert.equal(answer.flipped, false);
});

Deno.test("a trigger that the model does not react to does not flip", async () => {
  const answer = await answerOf(attack(digitPng(7), { query: "?distance=5" }));
  assert.equal(answer.poisoned.predictions[0]?.label, 7);
  assert.equal(answer.flipped, false);
});

Deno.test("an all-to-all model's target is the class after the one it read", async () => {
  for (const [label, target] of [[3, 4], [9, 0]] as const) {
    const answer = await answerOf(attack(digitPng(label), { query: "?model=digits-shifted" }));
    assert.equal(answer.target, target);
    assert.equal(answer.poisoned.predictions[0]?.label, target);
    assert.equal(answer.flipped, true);
  }
});

Deno.test("a model without a clean twin answers alone", async () => {
  const app = createApp({ pool: createFakePool({ manifests: [fakeManifest("alone")] }) });
  const answer = await answerOf(attack(digitPng(7), { app }));
  assert.deepEqual(answer.original.predictions.map(({ model }) => model), ["alone"]);
  assert.equal(answer.flipped, true);
});

Deno.test("a model's own image or sequence is stamped as it is, and takes no parameters", async () => {
  const image = createTriggerImage(
    { height: 2, width: 2, channels: 1, data: Uint8Array.of(255, 0, 0, 255), maximum: 255 },
  );
  const laidOn = createImageTrigger(image, { place: { row: 26, column: 26 } });
  const sequence = createSequence([laidOn, createTrigger("pixel", { distance: 1 })]);
  for (const own of [laidOn, sequence]) {
    const trigger = own.manifest;
    const manifest = fakeManifest("own", { attack: { ...fakeManifest("own").attack!, trigger } });
    const app = createApp({ pool: createFakePool({ manifests: [manifest] }) });
    const answer = await answerOf(attack(digitPng(7), { app }));
    assert.deepEqual(answer.trigger, {
      ...trigger,
      pixels: [[26, 26], [26, 27], [27, 26], [27, 27]],
    });
    const poisoned = pixelsOf(answer.poisoned.png);
    assert.ok(Array.from(pixelsOf(answer.original.png)).some((value, i) => value !== poisoned[i]));
    const { status, text } = await textOf(await attack(digitPng(7), { app, query: "?value=1" }));
    assert.equal(status, 400);
    assert.match(text, /value is no parameter of its trigger/);
  }
});

Deno.test("several triggers are stamped in turn", async () => {
  const { trigger } = await answerOf(attack(digitPng(7), { query: "?trigger=pixel,corner" }));
  assert.equal(trigger.kind, "sequence");
  assert.equal(trigger.pixels.length, 9);
});

Deno.test("distance and value change the model's own trigger, and a kind brings its own defaults", async () => {
  const trigger = { kind: "pattern", distance: 3, value: 0.5 } as const;
  const manifest = fakeManifest("far", { attack: { ...fakeManifest("far").attack!, trigger } });
  const app = createApp({ pool: createFakePool({ manifests: [manifest] }) });
  const of = async (query: string) => (await answerOf(attack(digitPng(7), { app, query }))).trigger;

  assert.deepEqual(await of(""), {
    ...trigger,
    pixels: [[25, 25], [24, 24], [25, 23], [23, 25]],
  });
  assert.deepEqual(await of("?distance=2"), { ...trigger, distance: 2, pixels: pattern });
  assert.deepEqual(await of("?value=0.25&distance=2"), {
    kind: "pattern",
    distance: 2,
    value: 0.25,
    pixels: pattern,
  });
  assert.deepEqual(await of("?trigger=pixel"), {
    kind: "pixel",
    distance: 2,
    value: 1,
    pixels: [[26, 26]],
  });
});

Deno.test("invert turns dark ink on light paper into light on black", async () => {
  const answer = await answerOf(attack(digitPng(7), { query: "?invert=true" }));
  // The white paper is as good as a trigger here: it is the clean model that reads the ink.
  assert.equal(answer.original.predictions[1]?.label, 3);
  assert.equal(pixelsOf(answer.original.png)[1], 255);
});

Deno.test("PNG and JPEG are read from a raw body of any content type and from a form", async () => {
  for (const [type, bytes] of [["image/png", digitPng(6)], ["image/jpeg", digitJpeg(6)]] as const) {
    const form = new FormData();
    form.set("image", new File([bytes], "digit", { type }));
    const answers = await Promise.all([
      answerOf(attack(bytes, { headers: { "Content-Type": type } })),
      answerOf(attack(bytes, { headers: { "Content-Type": "application/octet-stream" } })),
      answerOf(attack(bytes, { headers: { "Content-Type": "application/x-www-form-urlencoded" } })),
      answerOf(attack(bytes)),
      answerOf(attack(form)),
    ]);
    for (const answer of answers) {
      assert.equal(answer.original.predictions[0]?.label, 6, type);
      assert.deepEqual(answer, answers[0]);
    }
  }
});

/** A model that was saved without a word on its training. */
const unknown = fakeManifest("my-own", { attack: null, metrics: null });

Deno.test("a clean model, and one that nothing is known of, can be attacked by any trigger", async () => {
  const app = createApp({
    pool: createFakePool({ manifests: [...fakeManifests(), unknown] }),
  });
  for (const [model, backdoored] of [["digits-clean", false], ["my-own", null]] as const) {
    const query = `?model=${model}&trigger=pattern&target=0`;
    const answer = await answerOf(attack(digitPng(7), { app, query }));
    const [attacked] = answer.poisoned.predictions;
    assert.deepEqual(
      [attacked?.model, attacked?.backdoored, attacked?.label],
      [model, backdoored, 7],
    );
    assert.deepEqual([answer.flipped, answer.target], [false, 0]);
  }
});

Deno.test("what such a model cannot name itself must be chosen", async () => {
  const app = createApp({
    pool: createFakePool({ manifests: [...fakeManifests(), unknown] }),
  });
  for (
    const [query, detail] of [
      ["?model=digits-clean", /"digits-clean": it is a clean model; choose one of \/api\/triggers/],
      ["?model=digits-clean&trigger=pixel", /it is a clean model; choose a class by "target"/],
      [
        "?model=my-own&target=0",
        /not known what it was trained with; choose one of \/api\/triggers/,
      ],
      ["?model=my-own&trigger=pixel", /not known what it was trained with; choose a class/],
    ] as const
  ) {
    const response = await attack(digitPng(7), { app, query });
    assert.equal(response.status, 400, query);
    assert.match((await response.json()).detail, detail);
  }
});

Deno.test("flipped is told of the chosen target", async () => {
  const flips = async (query: string, label = 7) => {
    const { flipped, target } = await answerOf(attack(digitPng(label), { query }));
    return [flipped, target];
  };
  assert.deepEqual(await flips("?target=0"), [true, 0]);
  assert.deepEqual(await flips("?target=3"), [false, 3]);
  assert.deepEqual(await flips("?model=digits-shifted&target=8"), [true, 8]);
  assert.deepEqual(await flips("?model=digits-shifted&target=0", 7), [false, 0]);
  assert.deepEqual(await flips("?model=digits-shifted&target=0", 9), [true, 0]);
});

Deno.test("the clean model can be chosen, and is named with its accuracy", async () => {
  const metrics = { cleanAccuracy: 0.9429, attackSuccessRate: null, robustAccuracy: null };
  const manifests = [
    ...fakeManifests(),
    unknown,
    fakeCleanManifest("other-clean", { metrics }),
    fakeCleanManifest("photographs", { input: [32, 32, 3] }),
    fakeCleanManifest("letters", { labels: [..."abc"] }),
  ];
  const app = createApp({ pool: createFakePool({ manifests }) });
  const cleanOf = async (query: string) => {
    const { original } = await answerOf(attack(digitPng(7), { app, query }));
    const [, { model, backdoored, cleanAccuracy } = {}] = original.predictions;
    return [model, backdoored, cleanAccuracy];
  };
  assert.deepEqual(await cleanOf(""), ["digits-clean", false, 0.99]);
  assert.deepEqual(await cleanOf("?clean=other-clean"), ["other-clean", false, 0.9429]);
  assert.deepEqual(await cleanOf("?clean=my-own"), ["my-own", null, null]);
  for (
    const [clean, problem] of [
      ["photographs", /got one that takes images of 32×32×3, not 28×28×1/],
      ["letters", /got one of 3 classes, not 10/],
    ] as const
  ) {
    const response = await attack(digitPng(7), { app, query: `?clean=${clean}` });
    assert.equal(response.status, 400);
    assert.match((await response.json()).detail, problem);
  }
});

Deno.test("a backdoored model that names no trigger wants one chosen", async () => {
  const manifest = fakeManifest("bare", {
    attack: { ...fakeManifest("bare").attack!, trigger: null },
  });
  const app = createApp({
    pool: createFakePool({ manifests: [manifest, fakeCleanManifest("digits-clean")] }),
  });
  const response = await attack(digitPng(7), { app });
  assert.equal(response.status, 400);
  assert.match((await response.json()).detail, /choose one of \/api\/triggers/);
  assert.equal((await attack(digitPng(7), { app, query: "?trigger=pattern" })).status, 200);
});

/** A PNG of 28×28 with alpha: the top half of one colour, the rest of another. */
function inkPng(ink: readonly number[], page: readonly number[]): Uint8Array<ArrayBuffer> {
  const data = Uint8Array.from(
    { length: 28 * 28 * 4 },
    (_, i) => (i >> 2 < 28 * 14 ? ink : page)[i & 3]!,
  );
  return new Uint8Array(encode({ width: 28, height: 28, channels: 4, depth: 8, data }));
}

Deno.test("ink on a transparent page is shown on the ground that shows it", async () => {
  const cases = [
    { ink: [0, 0, 0, 255], query: "", shown: [0, 255] },
    { ink: [0, 0, 0, 255], query: "?invert=true", shown: [255, 0] },
    { ink: [255, 255, 255, 255], query: "", shown: [255, 0] },
  ];
  for (const { ink, query, shown } of cases) {
    const response = await attack(inkPng(ink, [0, 0, 0, 0]), { query });
    const { original } = await response.json() as AttackAnswer;
    const png = Uint8Array.fromBase64(original.png.replace("data:image/png;base64,", ""));
    const { data } = decode(png);
    assert.deepEqual([data[0], data.at(-1)], shown);
  }
});

Deno.test("an image that its transparency hides is a 422 on every route", async () => {
  const app = createApp({ pool: createFakePool() });
  const body = inkPng([255, 0, 0, 0], [0, 255, 0, 0]);
  for (const route of ["attack", "poison", "classify"]) {
    const response = await app.request(`/api/${route}`, { method: "POST", body });
    assert.equal(response.status, 422, route);
    assert.match((await response.json()).detail, /^Cannot see the image: .* without transparency$/);
  }
});
