import assert from "node:assert/strict";
import { unzipSync } from "fflate";
import { sha256 } from "../../lib/core/digest.ts";
import { readIdx } from "../../lib/data/idx.ts";
import { selectImages } from "../../lib/core/select_images.ts";
import { materialise } from "../../lib/poison/mod.ts";
import { createTrigger } from "../../lib/trigger/mod.ts";
import { loadTrainingData } from "../../lib/job/mod.ts";
import { runCommand, startCommand, withFolder } from "./run_command.ts";
import { jobContext } from "../lib/job/job_context.ts";

/** Reads an archive and a folder of PNG files as their users would. */
const readBoth = `
import json, os
import numpy as np
from PIL import Image
arrays = np.load("a.npz")
for name in arrays.files:
    assert isinstance(arrays[name], np.ndarray), name
poisoned = arrays["poisoned_train"]
rows = arrays["row_test_triggered"]
print(json.dumps({
    "poisonedLabels": sorted(set(arrays["y_train"][poisoned].tolist())),
    "classes": sorted(os.listdir("a/train")),
    "pngIsRow": all(
        np.array_equal(np.asarray(Image.open(f"a/train/{label}/{row:03}.png")), image[:, :, 0])
        for row, (label, image) in enumerate(zip(arrays["y_train"], arrays["x_train"]))
    ),
    "triggeredDiffers": all(
        0 < np.count_nonzero(with_trigger != arrays["x_test"][row]) <= 4
        for row, with_trigger in zip(rows, arrays["x_test_triggered"])
    ),
}))
`;

const limited = ["--dataset", "mnist", "--limit", "300", "--seed", "4", "--target", "7"];

Deno.test("poison writes the rows that train trains on, and says which are poisoned", () =>
  withFolder(async (folder) => {
    const out = `${folder}/poisoned`;
    const args = [...limited, "--limit-test", "10001", "--format", "idx", "--out", out, "--json"];
    const { status, stdout, stderr } = await runCommand("poison", args);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^warning: --limit-test of 10,001 is above the 10,000 test images: all 10,000 are written$/m,
    );
    const answer = JSON.parse(stdout);
    // The test set has 1,028 images of class 7, the target.
    assert.deepEqual(answer.images, { train: 333, test: 10_000, triggered: 8972 });
    assert.deepEqual(
      [answer.attack.poisoned, answer.out, answer.manifest],
      [33, out, `${out}/manifest.json`],
    );

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
    assert.deepEqual(manifest.triggeredRows.slice(0, 2), [
      { row: 1, image: 1, label: 2, target: 7 },
      { row: 2, image: 2, label: 1, target: 7 },
    ]);
    assert.deepEqual(
      new Uint8Array(await read("t10k-triggered-images-idx3-ubyte")).subarray(0, 784),
      new Uint8Array(
        createTrigger("pattern").apply(selectImages(dataset.test.images, [1])).data
          .map((value) => Math.round(value * 255)),
      ),
    );
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

Deno.test("an archive has its manifest beside it, and the same flags give the same bytes", () =>
  withFolder(async (folder) => {
    const archives = [];
    for (const name of ["one", "two"]) {
      const { status, stdout, stderr } = await runCommand("poison", [
        ...limited,
        ...["--shuffle", "--limit-test", "50", "--out", `${folder}/${name}.npz`],
      ]);
      assert.equal(status, 0, stderr);
      assert.match(
        stdout,
        /^mnist, single-target: 333 training images, 33 of them poisoned, and 50 test images, \d+ of which with the trigger too; written to .*(?:one|two)\.npz, described in .*\.manifest\.json\n$/,
      );
      archives.push(await Deno.readFile(`${folder}/${name}.npz`));
    }
    assert.deepEqual(archives[0], archives[1]);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      ...["one.manifest.json", "one.npz", "two.manifest.json", "two.npz"],
    ]);
    const files = unzipSync(archives[0]!);
    const manifest = JSON.parse(await Deno.readTextFile(`${folder}/one.manifest.json`));
    assert.deepEqual(Object.keys(manifest.files), Object.keys(files));
    assert.ok(Object.keys(files).every((name) => name.endsWith(".npy")));
    const digest = await sha256(new Uint8Array(files["x_train.npy"]!));
    assert.equal(digest, manifest.files["x_train.npy"]);
    assert.deepEqual([manifest.shuffled, manifest.limitTest], [true, 50]);
    const rows = manifest.poisonedRows.map(({ row }: { row: number }) => row);
    const flags = files["poisoned_train.npy"]!.slice(-333);
    assert.deepEqual(rows, [...flags.keys()].filter((row) => flags[row] === 1));
    assert.ok(rows.some((row: number) => row < 300), "not all of them stand at the end");
  }));

Deno.test("a data set that stands there is left alone, and --force replaces it whole", () =>
  withFolder(async (folder) => {
    const env = { INIT_CWD: folder };
    for (const format of ["npz", "idx"]) {
      const out = format === "npz" ? "set.npz" : "set";
      const args = [...limited, "--format", format, "--out", out];
      const run = (...more: string[]) => runCommand("poison", [...args, ...more], { env });
      const first = await run("--limit-test", "9");
      assert.equal(first.status, 0, first.stderr);
      const again = await run("--limit-test", "8");
      assert.equal(again.status, 2);
      assert.match(again.stderr, /^error: Cannot write set.*--force\n$/);
      const forced = await run("--limit-test", "8", "--force", "--json");
      assert.equal(forced.status, 0, forced.stderr);
      const manifest = await Deno.readTextFile(`${folder}/${JSON.parse(forced.stdout).manifest}`);
      assert.equal(JSON.parse(manifest).limitTest, 8);
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(names, ["set", "set.manifest.json", "set.npz"]);
  }));

Deno.test("--force removes no folder but a data set's", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/mine`, "mine");
    const args = [...limited, "--format", "png", "--out", folder, "--force"];
    const { status, stderr } = await runCommand("poison", args);
    assert.equal(status, 2);
    assert.match(stderr, /^error: Cannot write .*, got a folder with files in it; choose another/);
    assert.equal(await Deno.readTextFile(`${folder}/mine`), "mine");
  }));

Deno.test("NumPy takes the flags for a mask, and Pillow the folders for classes", () =>
  withFolder(async (folder) => {
    const python = Deno.env.get("EDGEDOOR_TEST_ART");
    assert.ok(python !== undefined, "deno task test sets it up");
    const args = [...limited, "--limit-test", "40"];
    for (const out of [["--out", "a.npz"], ["--format", "png", "--out", "a"]]) {
      const { status, stderr } = await runCommand("poison", [...args, ...out], {
        env: { INIT_CWD: folder },
      });
      assert.equal(status, 0, stderr);
    }
    const { code, stdout, stderr } = await new Deno.Command(python, {
      args: ["-c", readBoth],
      cwd: folder,
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const read = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(read.poisonedLabels, [7]);
    assert.deepEqual(read.classes, Array.from("0123456789"));
    assert.equal(read.pngIsRow, true);
    assert.equal(read.triggeredDiffers, true);
  }));

for (const [format, out] of [["png", "images"], ["npz", "archive.npz"]] as const) {
  Deno.test(`Ctrl-C while ${format} is written leaves nothing`, () =>
    withFolder(async (folder) => {
      const args = ["--dataset", "mnist", "--format", format, "--out", `${folder}/${out}`];
      const command = startCommand("poison", args);
      await command.waitFor(/^writing 85,687 images/m);
      command.kill("SIGINT");
      const { status, stdout, stderr } = await command.outcome;
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /\nerror: stopped by Ctrl-C: nothing was written; run .*\n$/);
      assert.deepEqual([...Deno.readDirSync(folder)], []);
    }));
}

const mistakes: readonly [args: readonly string[], status: 1 | 2, stderr: RegExp][] = [
  [["--out", "x.npz", "--workers", "2"], 2, /--workers has no meaning if no proxy is trained/],
  [
    ["--out", "poisoned"],
    2,
    /Cannot write .*: --out must end in \.npz with --format npz, got "poisoned"; add the ending, or/,
  ],
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
