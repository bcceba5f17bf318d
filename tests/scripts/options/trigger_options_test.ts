import assert from "node:assert/strict";
import { Command } from "commander";
import { decode } from "fast-png";
import { NotFoundError, UsageError } from "../../../lib/core/errors.ts";
import { resolveTrigger, spellFlag } from "../../../lib/job/mod.ts";
import {
  isImageManifest,
  isSequenceManifest,
  type Trigger,
  triggerFromManifest,
} from "../../../lib/trigger/mod.ts";
import {
  addTriggerFlags,
  type TriggerFlags,
  triggerName,
  triggerRequest,
} from "../../../scripts/options/trigger_options.ts";

/** A sample digit of 28×28. */
const image = "image:fixtures/samples/7.png";

function parse(...args: string[]): TriggerFlags {
  return addTriggerFlags(new Command()).exitOverride().configureOutput({ writeErr() {} })
    .parse(args, { from: "user" }).opts();
}

/** The trigger of some flags. */
async function readTrigger(flags: TriggerFlags, options: { seed: number }): Promise<Trigger> {
  const { trigger = "pattern", triggerNumbers } = await triggerRequest(flags, options);
  return resolveTrigger({ trigger, triggerNumbers }, { spell: spellFlag });
}

Deno.test("without flags it is the pattern", async () => {
  const { manifest } = await readTrigger(parse(), { seed: 1 });
  assert.deepEqual(manifest, { kind: "pattern", distance: 2, value: 1 });
});

Deno.test("an amplitude goes to the triggers that take one", async () => {
  const flags = parse("--trigger", "pixel,corner", "--trigger-amplitude", "0.25");
  assert.deepEqual((await readTrigger(flags, { seed: 1 })).manifest, {
    kind: "sequence",
    triggers: [{ kind: "pixel", distance: 2, value: 1 }, { kind: "corner", amplitude: 0.25 }],
  });
});

Deno.test("an image is fitted, placed and blended as the flags say, and its manifest makes it again", async () => {
  const flags = parse(
    ...["--trigger", image, "--trigger-size", "4x5"],
    ...["--trigger-place", "2x3", "--trigger-blend", "0.5"],
  );
  const trigger = await readTrigger(flags, { seed: 1 });
  assert.ok(isImageManifest(trigger.manifest));
  const { image: { height, width }, blend, place } = trigger.manifest;
  assert.deepEqual({ height, width, blend, place }, {
    ...{ height: 4, width: 5, blend: 0.5 },
    place: { row: 2, column: 3 },
  });
  const black = { data: new Float32Array(28 * 28), shape: [28, 28, 1] } as const;
  const again = triggerFromManifest(JSON.parse(JSON.stringify(trigger.manifest)));
  assert.deepEqual(again.apply(black), trigger.apply(black));
  assert.ok(trigger.apply(black).data.some((value) => value > 0));
});

Deno.test("a mask leaves out the black around a mark", async () => {
  const place = ["--trigger", image, "--trigger-place", "0x0"];
  const shape = [28, 28, 1] as const;
  const pixels = async (...mask: string[]) =>
    (await readTrigger(parse(...place, ...mask), { seed: 1 })).pixels(shape);
  assert.equal((await pixels()).length, 28 * 28);
  const { data } = decode(await Deno.readFile("fixtures/samples/7.png"));
  const ink = [...data].filter((value) => value > 0).length;
  for (const colour of ["black", "000000", "#000000"]) {
    assert.equal((await pixels("--trigger-mask", colour)).length, ink);
  }
  const white = [...data].filter((value) => value < 255).length;
  for (const colour of ["white", "ffffff", "#FFFFFF"]) {
    assert.equal((await pixels("--trigger-mask", colour)).length, white);
  }
});

Deno.test("random places follow from the seed, and two images have places of their own", async () => {
  const flags = parse("--trigger", `${image},${image}`, "--trigger-size", "2x2");
  const places = async (seed: number) => {
    const { manifest } = await readTrigger(flags, { seed });
    assert.ok(isSequenceManifest(manifest));
    return manifest.triggers.map((trigger) => isImageManifest(trigger) && trigger.place);
  };
  const [first, second] = await places(1);
  assert.notDeepEqual(first, second);
  assert.deepEqual(await places(1), [first, second]);
  assert.notDeepEqual(await places(2), [first, second]);
});

const contradictions: readonly (readonly [TriggerFlags & { triggerAmplitude?: number }, RegExp])[] =
  [
    [
      { trigger: "pattern", triggerAmplitude: 0.5 },
      /--trigger-amplitude belongs to corner, corners, got 0.5; leave it out/,
    ],
    [
      { trigger: image, triggerAmplitude: 0.5 },
      /samples\/7\.png: --trigger-amplitude cannot be given/,
    ],
    [{ triggerSize: "2x2" }, /trigger pattern: --trigger-size belongs to image:FILE, got 2x2/],
    [{ trigger: "corner", triggerPlace: "random" }, /--trigger-place belongs to image:FILE/],
    [{ trigger: "pixel", triggerBlend: 1 }, /--trigger-blend belongs to image:FILE/],
    [{ trigger: "pixel", triggerMask: "000000" }, /--trigger-mask belongs to image:FILE/],
    [{ trigger: image, triggerSize: "99x99" }, /at most 4096 pixels, got 99×99/],
  ];
for (const [flags, message] of contradictions) {
  Deno.test(`${JSON.stringify(flags)} is refused`, async () => {
    await assert.rejects(readTrigger(flags, { seed: 1 }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("an image that is not there is not found", async () => {
  await assert.rejects(readTrigger({ trigger: "image:none.png" }, { seed: 1 }), NotFoundError);
});

for (
  const args of [
    ["--trigger", "smile"],
    ["--trigger", "pixel,"],
    ["--trigger", "image:"],
    ["--trigger-amplitude", "0"],
    ["--trigger-amplitude", "1.1"],
    ["--trigger-size", "0x2"],
    ["--trigger-size", "4"],
    ["--trigger-place", "1,2"],
    ["--trigger-blend", "none"],
    ["--trigger-mask", "purple"],
    ["--trigger-mask", "fff"],
  ]
) {
  Deno.test(`${args.join(" ")} is no value`, () => {
    assert.throws(() => parse(...args), /It must be/);
  });
}

Deno.test("a trigger with an image is named by its kinds and files, and by what flags say of it", () => {
  assert.equal(triggerName({ trigger: "pixel,corner" }), undefined);
  assert.equal(triggerName({ trigger: "image:a/Smile.png,pixel" }), "image-smile-pixel");
  const flags = { trigger: "image:a b/My Smile.PNG", triggerSize: "4x4", triggerPlace: "random" };
  assert.equal(triggerName(flags), "image-my-smile-size-4x4-place-random");
  const masked = { trigger: "image:mark.png", triggerBlend: 1, triggerMask: "00ff00" };
  assert.equal(triggerName(masked), "image-mark-blend-1-mask-00ff00");
});
