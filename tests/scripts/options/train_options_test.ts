import assert from "node:assert/strict";
import { Command } from "commander";
import { addTrainFlags, trainRequest } from "../../../scripts/options/train_options.ts";
import { defaultWorkers } from "../../../scripts/cli/workers.ts";

async function parse(...args: string[]) {
  const command = addTrainFlags(new Command()).exitOverride().configureOutput({ writeErr() {} });
  return await trainRequest(command.parse(args, { from: "user" }).opts());
}

Deno.test("what no flag gives is not in the request", async () => {
  assert.deepEqual(await parse(), {});
});

Deno.test("flags make a request", async () => {
  assert.deepEqual(
    await parse(
      ...["--dataset", "cifar10", "--attack", "clean-label", "--trigger", "corners,pixel"],
      ...["--trigger-amplitude", "0.25", "--trigger-distance", "3", "--target", "4"],
      ...["--poison-rate", "0.5", "--norm", "inf", "--eps", "0.3", "--without-replacement"],
      ...["--seed", "7", "--limit", "100", "--model", "resnet", "--depth", "8"],
      ...["--augment", "none", "--epochs", "2", "--workers", "1", "--name", "mine"],
    ),
    {
      ...{ dataset: "cifar10", attack: "clean-label", trigger: "corners,pixel", target: 4 },
      triggerNumbers: { amplitude: 0.25, distance: 3 },
      ...{ poisonRate: 0.5, norm: "inf", eps: 0.3, withoutReplacement: true },
      ...{ seed: 7, limit: 100, model: "resnet", depth: 8 },
      ...{ augment: "none", epochs: 2, workers: 1, name: "mine" },
    },
  );
});

Deno.test("an image is read where flags are read, and travels in the request", async () => {
  const { trigger, triggerName } = await parse(
    ...["--trigger", "image:fixtures/samples/7.png", "--trigger-size", "4x4"],
  );
  assert.ok(typeof trigger === "object" && trigger.kind === "image");
  assert.equal(triggerName, "image-7-size-4x4");
});

Deno.test("a parameter's flag says what it must be", async () => {
  await assert.rejects(
    () => parse("--trigger-amplitude", "0"),
    /It must be a number above 0 and up/,
  );
  await assert.rejects(() => parse("--trigger-distance", "1.5"), /It must be an integer from 1/);
});

Deno.test("by default there are as many workers as cores, up to sixteen", () => {
  assert.equal(defaultWorkers(), Math.min(navigator.hardwareConcurrency, 16));
});
