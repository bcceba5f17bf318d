import assert from "node:assert/strict";
import { unzipSync } from "fflate";
import { sha256 } from "../../lib/core/digest.ts";
import { readIdx } from "../../lib/data/idx.ts";
import { materialise } from "../../lib/poison/mod.ts";
import { loadTrainingData } from "../../lib/job/mod.ts";
import { runCommand, startCommand, withFolder } from "./run_command.ts";
import { jobContext } from "../lib/job/job_context.ts";

const limited = ["--dataset", "mnist", "--limit", "300", "--seed", "4", "--target", "7"];

Deno.test("poison writes the rows that train trains on, and says which are poisoned", () =>
  withFolder(async (folder) => {
    const out = `${folder}/poisoned`;
    const args = [...limited, "--format", "idx", "--out", out, "--json"];
    const { status, stdout, stderr } = await runCommand("poison", args);
    assert.equal(status, 0, stderr);
    const answer = JSON.parse(stdout);
    assert.deepEqual(answer.images, { train: 333, test: 10_000 });
    assert.deepEqual([answer.attack.poisoned, answer.out], [33, out]);

    const read = async (name: string) =>
      readIdx(await Deno.readFile(`${out}/${name}`), { name }).data;
    const { set, dataset } = await loadTrainingData({
      ...{ dataset: "mnist", attack: "single-target", trigger: "pattern", source: "all" },
      ...{ target: 7, poisonRate: 0.1, seed: 4, limit: 300 },
    }, jobContext());
    const rows = materialise(set);
    assert.deepEqual(
      await read("train-images-idx3-ubyte"),
      new Uint8Array(rows.images.data.map((value) => Math.round(value * 255))),
    );
    assert.deepEqual(new Uint8Array(await read("train-labels-idx1-ubyte")), rows.labels);

    const manifest = JSON.parse(await Deno.readTextFile(`${out}/manifest.json`));
    assert.deepEqual(
      [manifest.seed, manifest.limit, manifest.dataDigest, manifest.poisonedRows.length],
      [4, 300, dataset.digest, 33],
    );
    assert.deepEqual(manifest.attack.trigger, { kind: "pattern", distance: 2, value: 1 });
    for (const { image, labelBefore, labelAfter } of manifest.poisonedRows) {
      assert.equal(dataset.train.labels[image], labelBefore);
      assert.ok(labelBefore !== 7 && labelAfter === 7);
    }
    const digests = await Promise.all(
      Object.keys(manifest.files).map(async (name) => [
        name,
        await sha256(await Deno.readFile(`${out}/${name}`)),
      ]),
    );
    assert.deepEqual(Object.fromEntries(digests), manifest.files);
    // Untouched: the authors' digest.
    assert.equal(
      manifest.files["t10k-images-idx3-ubyte"],
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    );
  }));

Deno.test("an archive has the manifest in it, and the same flags give the same bytes", () =>
  withFolder(async (folder) => {
    const archives = [];
    for (const name of ["one.npz", "two.npz"]) {
      const { status, stdout, stderr } = await runCommand("poison", [
        ...limited,
        ...["--out", `${folder}/${name}`],
      ]);
      assert.equal(status, 0, stderr);
      assert.match(
        stdout,
        /^mnist, single-target: 333 training images, 33 of them poisoned, and 10,000 test images .*\n$/,
      );
      archives.push(await Deno.readFile(`${folder}/${name}`));
    }
    assert.deepEqual(archives[0], archives[1]);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      ...["one.npz", "two.npz"],
    ]);
    const files = unzipSync(archives[0]!);
    const manifest = JSON.parse(new TextDecoder().decode(files["manifest.json"]));
    assert.deepEqual(
      [...Object.keys(manifest.files), "manifest.json"],
      Object.keys(files),
    );
    const digest = await sha256(new Uint8Array(files["x_train.npy"]!));
    assert.equal(digest, manifest.files["x_train.npy"]);
  }));

for (const [format, out] of [["png", "images"], ["npz", "archive.npz"]] as const) {
  Deno.test(`Ctrl-C while ${format} is written leaves nothing`, () =>
    withFolder(async (folder) => {
      const args = ["--dataset", "mnist", "--format", format, "--out", `${folder}/${out}`];
      const command = startCommand("poison", args);
      await command.waitFor(/^writing 76,667 images/m);
      command.kill("SIGINT");
      const { status, stdout, stderr } = await command.outcome;
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /\nerror: stopped by Ctrl-C: nothing was written; run .*\n$/);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    }));
}

const mistakes: readonly [args: readonly string[], status: 1 | 2, stderr: RegExp][] = [
  [["--out", "x.npz", "--workers", "2"], 2, /--workers must be left out where no proxy is trained/],
  [["--out", "."], 2, /Cannot write .*: --out must be a file .*, got a folder; choose another/],
  [["--out", "image.png"], 2, /must be a file that does not exist, got a file; choose another/],
  [
    ["--out", "image.png/x.npz"],
    2,
    /its folder must be one that can be written to, got a file; change --out/,
  ],
  [["--out", "none/x.npz"], 1, /Cannot write .*none\/x\.npz: its folder does not exist/],
  [["--out", "none/x", "--format", "png"], 1, /Cannot write .*none\/x: its folder does not exist/],
  [
    ["--dataset", "cifar10", "--out", "x", "--format", "idx"],
    2,
    /Cannot write cifar10 as idx: images must have 1 channel, got 3; choose another --format/,
  ],
  [
    ["--out", "x.npz", "--trigger", "image:image.png", "--trigger-size", "40x40"],
    2,
    /Cannot stamp trigger image: its 40×40 pixels must lie within the image/,
  ],
];
for (const [args, status, message] of mistakes) {
  Deno.test(`poison ${args.join(" ")} is refused before the work`, () =>
    withFolder(async (folder) => {
      const image = new URL("../../fixtures/samples/7.png", import.meta.url);
      await Deno.copyFile(image, `${folder}/image.png`);
      const placed = args.map((arg, i) =>
        args[i - 1] === "--out" ? `${folder}/${arg}` : arg.replace("image:", `image:${folder}/`)
      );
      const outcome = await runCommand("poison", [...limited, ...placed]);
      assert.match(outcome.stderr, /^error: .*\n$/);
      assert.match(outcome.stderr, message);
      assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["image.png"]);
    }));
}
