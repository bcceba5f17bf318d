import assert from "node:assert/strict";
import { join } from "node:path";
import { encode as encodeRgba } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import type { Image, ImageShape } from "../../lib/core/types.ts";
import { decodeImage, encodePng, toModelInput } from "../../lib/image/mod.ts";
import { createTrigger } from "../../lib/trigger/mod.ts";
import { exif, exifSegment, insert } from "../lib/image/build_jpeg.ts";
import { runCommand } from "./run_command.ts";

/** Runs the command for a user who stands in a folder. */
function run(directory: string, ...args: string[]) {
  return runCommand("poison", args, { env: { INIT_CWD: directory } });
}

/** Runs a test in a new folder that holds `digit.png`, 28×28 grey, and `photo.png`, 9×8 RGB. */
async function inFolder(test: (directory: string) => Promise<void>) {
  const directory = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.writeFile(join(directory, "digit.png"), encodePng(gradient([28, 28, 1])));
    await Deno.writeFile(join(directory, "photo.png"), encodePng(gradient([9, 8, 3])));
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Values that an 8-bit PNG holds exactly. */
function gradient(shape: ImageShape): Image {
  const length = shape.reduce((product, axis) => product * axis, 1);
  return { data: Float32Array.from({ length }, (_, i) => (i % 200) / 255), shape };
}

async function readPng(path: string, shape: ImageShape): Promise<Image> {
  return toModelInput(decodeImage(await Deno.readFile(path)), shape);
}

function fileNames(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();
}

Deno.test("a digit gets the pattern, at its own size, in a file beside it", async () => {
  await inFolder(async (directory) => {
    const before = await Deno.readFile(join(directory, "digit.png"));
    const { status, stdout, stderr } = await run(directory, "--image", "digit.png");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(
      stdout,
      "digit.png, 28×28 grey: trigger pattern stamped at (26, 26), (25, 25), (26, 24), (24, 26); " +
        "written to digit-poisoned.png\n",
    );
    assert.deepEqual(fileNames(directory), ["digit-poisoned.png", "digit.png", "photo.png"]);
    assert.deepEqual(await Deno.readFile(join(directory, "digit.png")), before);
    assert.deepEqual(
      await readPng(join(directory, "digit-poisoned.png"), [28, 28, 1]),
      createTrigger("pattern").apply(gradient([28, 28, 1])),
    );
  });
});

Deno.test("--json answers with image, trigger, pixels and out, and nothing else", async () => {
  await inFolder(async (directory) => {
    const out = join(directory, "out.png");
    const { status, stdout } = await run(
      directory,
      ...["--json", "--image", "photo.png", "--out", out],
      ...["--trigger", "pixel", "--distance", "1", "--value", "0.2"],
    );
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(stdout), {
      image: { file: "photo.png", width: 8, height: 9, channels: 3 },
      trigger: { kind: "pixel", distance: 1, value: 0.2 },
      pixels: [[8, 7]],
      out,
    });
    assert.deepEqual(
      await readPng(out, [9, 8, 3]),
      createTrigger("pixel", { distance: 1, value: 0.2 }).apply(gradient([9, 8, 3])),
    );
  });
});

Deno.test("--size fits the image first: a JPEG photograph becomes a model's input", async () => {
  await inFolder(async (directory) => {
    const photo = { width: 60, height: 60, data: new Uint8Array(60 * 60 * 4).fill(128) };
    await Deno.writeFile(join(directory, "photo.jpg"), encodeJpeg(photo, 90).data);
    const { status } = await run(directory, "--image", "photo.jpg", "--size", "28x28x1");
    assert.equal(status, 0);
    const { width, height, channels, data } = decodeImage(
      await Deno.readFile(join(directory, "photo-poisoned.png")),
    );
    assert.deepEqual([width, height, channels], [28, 28, 1]);
    const bright = [...data.keys()].filter((i) => data[i] === 255);
    assert.deepEqual(
      bright,
      [[24, 26], [25, 25], [26, 24], [26, 26]].map(([y, x]) => y! * 28 + x!),
    );
  });
});

Deno.test("a photograph is written upright, with the trigger in the corner that people see", async () => {
  await inFolder(async (directory) => {
    const upright = { width: 24, height: 16, data: new Uint8Array(24 * 16 * 4).fill(40) };
    const jpeg = new Uint8Array(encodeJpeg(upright, 95).data);
    const turned = insert(jpeg, exifSegment(exif("MM", { value: 6 })));
    await Deno.writeFile(join(directory, "photo.jpg"), turned);
    const { stdout } = await run(directory, "--json", "--image", "photo.jpg", "--trigger", "pixel");
    const { image, pixels } = JSON.parse(stdout);
    assert.deepEqual([image.height, image.width], [24, 16]);
    assert.deepEqual(pixels, [[22, 14]]);
    const { data } = await readPng(join(directory, "photo-poisoned.png"), [24, 16, 1]);
    assert.equal(data[22 * 16 + 14], 1);
  });
});

/** 28×28 RGBA of one colour, of which the left half is to be seen and the right half is not. */
function halfTransparent([red, green, blue]: readonly [number, number, number], alpha = 255) {
  const data = Uint8Array.from(
    { length: 28 * 28 * 4 },
    (_, i) => [red, green, blue, i >> 2 < 28 * 14 ? alpha : 0][i & 3]!,
  );
  return encodeRgba({ width: 28, height: 28, channels: 4, depth: 8, data });
}

Deno.test("ink on a transparent page is written on the ground that shows it, or inverted", async () => {
  await inFolder(async (directory) => {
    await Deno.writeFile(join(directory, "ink.png"), halfTransparent([0, 0, 0]));
    for (const [flags, ink, page] of [[[], 0, 1], [["--invert"], 1, 0]] as const) {
      const size = ["--size", "28x28x1", "--value", "0.2", "--force"];
      const { status } = await run(directory, "--image", "ink.png", ...size, ...flags);
      assert.equal(status, 0);
      const { data } = await readPng(join(directory, "ink-poisoned.png"), [28, 28, 1]);
      assert.deepEqual([data[0], data.at(-1), data[26 * 28 + 26]], [ink, page, Math.fround(0.2)]);
    }
  });
});

Deno.test("an image that its transparency hides is refused, and nothing is written", async () => {
  await inFolder(async (directory) => {
    const data = Uint8Array.from({ length: 16 }, (_, i) => i % 4 === 3 ? 0 : 50 * i % 256);
    const hidden = encodeRgba({ width: 2, height: 2, channels: 4, depth: 8, data });
    await Deno.writeFile(join(directory, "hidden.png"), hidden);
    const { status, stderr } = await run(directory, "--image", "hidden.png", "--size", "28x28x1");
    assert.equal(status, 1);
    assert.match(stderr, /^error: Cannot see the image: .* save it without transparency\n$/);
    assert.deepEqual(fileNames(directory), ["digit.png", "hidden.png", "photo.png"]);
  });
});

Deno.test("what stands there is left alone, and --force replaces it", async () => {
  await inFolder(async (directory) => {
    await Deno.writeTextFile(join(directory, "out.png"), "old");
    const args = ["--image", "digit.png", "--out", "out.png"];
    const { status, stderr } = await run(directory, ...args);
    assert.equal(status, 2);
    assert.match(stderr, /^error: Cannot write out\.png: .* does not exist, .* give --force\n$/);
    assert.equal(await Deno.readTextFile(join(directory, "out.png")), "old");
    assert.equal((await run(directory, ...args, "--force")).status, 0);
    assert.equal((await readPng(join(directory, "out.png"), [28, 28, 1])).data.at(26 * 28 + 26), 1);
    assert.deepEqual(fileNames(directory), ["digit.png", "out.png", "photo.png"]);
  });
});

Deno.test("--json says which image is stamped by its digest, without its pixels", async () => {
  await inFolder(async (directory) => {
    const { status, stdout } = await run(
      directory,
      ...["--json", "--image", "digit.png", "--trigger", "image:photo.png"],
    );
    assert.equal(status, 0);
    const { trigger: { image } } = JSON.parse(stdout);
    assert.deepEqual(Object.keys(image), ["height", "width", "sha256"]);
    assert.match(image.sha256, /^[0-9a-f]{64}$/);
  });
});

Deno.test("the input is never overwritten, not even through a link", async () => {
  await inFolder(async (directory) => {
    const image = join(directory, "digit.png");
    const before = await Deno.readFile(image);
    await Deno.symlink(image, join(directory, "link.png"));
    const overwriting = [
      ["digit.png", image],
      ["digit.png", "link.png"],
      ["link.png", "digit.png"],
    ] as const;
    for (const [input, out] of overwriting) {
      const { status, stderr } = await run(directory, "--image", input, "--out", out);
      assert.equal(status, 2);
      assert.match(stderr, /^error: Cannot write .*: --out must be another file than --image/);
    }
    assert.deepEqual(await Deno.readFile(image), before);
  });
});

const mistakes: { what: string; args: string[]; status: 1 | 2; stderr: RegExp }[] = [
  {
    what: "nothing to poison",
    args: [],
    status: 2,
    stderr: /^error: Cannot poison: either --image or --dataset must be given, got none/,
  },
  {
    what: "an image and a data set",
    args: ["--image", "digit.png", "--dataset", "mnist"],
    status: 2,
    stderr: /^error: Cannot poison: either --image or --dataset must be given, got both/,
  },
  {
    what: "an attack on one image",
    args: ["--image", "digit.png", "--attack", "all-to-all"],
    status: 2,
    stderr: /^error: Cannot poison: --attack cannot be combined with --image, .*, got all-to-all; /,
  },
  {
    what: "a size for a data set",
    args: ["--dataset", "mnist", "--size", "28x28x1"],
    status: 2,
    stderr: /^error: Cannot poison: --size cannot be combined with --dataset, /,
  },
  {
    what: "a data set without a place",
    args: ["--dataset", "mnist"],
    status: 2,
    stderr: /^error: Cannot poison a data set: --out must be given, got none; give /,
  },
  {
    what: "a data set under contradictory flags",
    args: ["--dataset", "mnist", "--out", "x.npz", "--attack", "none", "--target", "3"],
    status: 2,
    stderr: /^error: Cannot make attack: --target cannot be combined with --attack none/,
  },
  {
    what: "an archive that is none",
    args: ["--dataset", "mnist", "--out", "poisoned.zip"],
    status: 2,
    stderr: /^error: Cannot write .*poisoned.zip: --out must end in .npz with --format npz, got/,
  },
  {
    what: "a folder with something in it",
    args: ["--dataset", "mnist", "--format", "idx", "--out", "."],
    status: 2,
    stderr: /^error: Cannot write .*: --out must be a folder that is empty or does not exist/,
  },
  {
    what: "a file where a folder is to be",
    args: ["--dataset", "mnist", "--format", "png", "--out", "digit.png"],
    status: 2,
    stderr: /^error: Cannot write .*digit.png: --out must be a folder .*, got a file; /,
  },
  {
    what: "an unknown trigger",
    args: ["--image", "digit.png", "--trigger", "smile"],
    status: 2,
    stderr: /^error: option '--trigger <kind>' argument 'smile' is invalid.*pixel, pattern/,
  },
  {
    what: "a distance of 0",
    args: ["--image", "digit.png", "--distance", "0"],
    status: 2,
    stderr: /^error: Cannot make trigger pattern: --distance must be an integer from 1, got 0/,
  },
  {
    what: "an empty value",
    args: ["--image", "digit.png", "--value", ""],
    status: 2,
    stderr: /argument '' is invalid. It must be a number from 0 to 1/,
  },
  {
    what: "a value that is no number",
    args: ["--image", "digit.png", "--value", "bright"],
    status: 2,
    stderr: /argument 'bright' is invalid. It must be a number from 0 to 1/,
  },
  {
    what: "a trigger outside the image",
    args: ["--image", "photo.png", "--distance", "8"],
    status: 2,
    stderr: /^error: Cannot stamp trigger pattern at distance 8: .* in 9×8; use a smaller distance/,
  },
  {
    what: "a size that is none",
    args: ["--image", "digit.png", "--size", "28x28"],
    status: 2,
    stderr: /^error: option '--size <HxWxC>' argument '28x28' is invalid. It must be keep or/,
  },
  {
    what: "an empty size",
    args: ["--image", "digit.png", "--size", "0x28x1"],
    status: 2,
    stderr: /argument '0x28x1' is invalid/,
  },
  {
    what: "a size that no memory holds",
    args: ["--image", "digit.png", "--size", "99999x99999x3"],
    status: 2,
    stderr: /argument '99999x99999x3' is invalid.*at most 4000000 pixels/,
  },
  {
    what: "an output that is no PNG",
    args: ["--image", "digit.png", "--out", "digit.jpg"],
    status: 2,
    stderr:
      /^error: Cannot write digit.jpg: --out must end in .png, .* got "digit.jpg"; change the/,
  },
  {
    what: "a missing image",
    args: ["--image", "none.png"],
    status: 1,
    stderr: /^error: Cannot read none.png: there is no such file/,
  },
  {
    what: "a folder in the place of an image",
    args: ["--image", "."],
    status: 1,
    stderr: /^error: Cannot read \.: it is a folder; give --image another path/,
  },
  {
    what: "threads for one image",
    args: ["--image", "digit.png", "--workers", "2"],
    status: 2,
    stderr: /^error: Cannot poison: --workers cannot be combined with --image/,
  },
  {
    what: "a missing folder",
    args: ["--image", "digit.png", "--out", "none/out.png"],
    status: 1,
    stderr: /^error: Cannot write none\/out.png: its folder does not exist; create it/,
  },
  {
    what: "a place that Deno keeps programs out of",
    args: ["--image", "digit.png", "--out", "/proc/x.png"],
    status: 2,
    stderr:
      /^error: Cannot write \/proc\/x\.png: its folder .* got one that refuses: Deno keeps programs out of it; /,
  },
  {
    what: "an image that Deno keeps programs out of",
    args: ["--image", "/proc/self/environ"],
    status: 1,
    stderr: /^error: Cannot read \/proc\/self\/environ: Deno keeps programs out of it; give /,
  },
  {
    what: "a file that is no image",
    args: ["--image", "text.png"],
    status: 1,
    stderr: /^error: Cannot read text\.png, given by --image: Cannot decode/,
  },
];

for (const { what, args, status, stderr } of mistakes) {
  Deno.test(`${what} ends with status ${status}, one line of error and no file`, async () => {
    await inFolder(async (directory) => {
      await Deno.writeTextFile(join(directory, "text.png"), "no image at all");
      const result = await run(directory, ...args);
      assert.equal(result.status, status);
      assert.match(result.stderr, stderr);
      assert.equal(result.stderr.trimEnd().split("\n").length, 1);
      assert.equal(result.stdout, "");
      assert.deepEqual(fileNames(directory), ["digit.png", "photo.png", "text.png"]);
    });
  });
}

Deno.test("--help prints the flags, and examples that work on a fresh clone", async () => {
  await inFolder(async (directory) => {
    const { status, stdout } = await run(directory, "--help");
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: deno task poison/);
    const examples = [...stdout.matchAll(/^ {2}deno task poison (--image .*)$/gm)];
    assert.equal(examples.length, 2);
    await Deno.symlink(new URL("../../fixtures", import.meta.url), join(directory, "fixtures"));
    for (const [, args] of examples) {
      const example = await run(directory, ...args!.split(" "));
      assert.equal(example.status, 0, example.stderr);
    }
    assert.ok(fileNames(directory).includes("poisoned.png"));
  });
});
