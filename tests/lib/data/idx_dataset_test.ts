import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../../lib/core/digest.ts";
import { IntegrityError, NotFoundError } from "../../../lib/core/errors.ts";
import { toIdx } from "../../../lib/data/idx.ts";
import { defineIdxDataset, type IdxDataset } from "../../../lib/data/idx_dataset.ts";

/** Three training and two test images of 2×1 pixels, in three classes. */
const original = {
  "train-images-idx3-ubyte": toIdx([0, 1, 2, 127, 254, 255], [3, 2, 1]),
  "train-labels-idx1-ubyte": toIdx([2, 0, 1], [3]),
  "t10k-images-idx3-ubyte": toIdx([3, 4, 5, 6], [2, 2, 1]),
  "t10k-labels-idx1-ubyte": toIdx([1, 2], [2]),
};
type Files = typeof original;

const fileDigests = {
  "train-images-idx3-ubyte": await sha256(original["train-images-idx3-ubyte"]),
  "train-labels-idx1-ubyte": await sha256(original["train-labels-idx1-ubyte"]),
  "t10k-images-idx3-ubyte": await sha256(original["t10k-images-idx3-ubyte"]),
  "t10k-labels-idx1-ubyte": await sha256(original["t10k-labels-idx1-ubyte"]),
};

function describe(packageDirectory: string): IdxDataset {
  return {
    name: "tiny",
    summary: "a few pixels",
    labels: ["zero", "one", "two"],
    shape: [2, 1, 1],
    counts: { train: 3, test: 2 },
    digests: fileDigests,
    findPackage: () => ({ directory: packageDirectory, remedy: "install the package again" }),
  };
}

/** Runs a test in a new folder with these files in place of the original ones. */
async function withFiles(files: Partial<Files>, test: (directory: string) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries({ ...original, ...files })) {
      await Deno.writeFile(join(directory, name), bytes);
    }
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function loadFrom(dataDir: string) {
  return defineIdxDataset(describe("/not/there")).load({ dataDir });
}

Deno.test("four files become images in 0-1 with labels", async () => {
  await withFiles({}, async (directory) => {
    const { train, test, shape, labels } = await loadFrom(directory);
    assert.deepEqual(shape, [2, 1, 1]);
    assert.deepEqual(labels, ["zero", "one", "two"]);
    assert.deepEqual(train.images.shape, [3, 2, 1, 1]);
    assert.deepEqual(
      [...train.images.data],
      [0, 1, 2, 127, 254, 255].map((value) => Math.fround(value / 255)),
    );
    assert.deepEqual([...train.labels], [2, 0, 1]);
    assert.deepEqual(test.images.shape, [2, 2, 1, 1]);
    assert.deepEqual([...test.labels], [1, 2]);
  });
});

Deno.test("package and folder, plain and gzipped give the same digest and no warning", async () => {
  await withFiles({}, async (directory) => {
    const fromPackage = await defineIdxDataset(describe(directory)).load();
    for (const [name, bytes] of Object.entries(original)) {
      await Deno.remove(join(directory, name));
      await Deno.writeFile(join(directory, `${name}.gz`), gzipSync(bytes));
    }
    const fromFolder = await loadFrom(directory);
    assert.deepEqual(fromPackage.warnings, []);
    assert.deepEqual(fromFolder.warnings, []);
    assert.equal(
      fromPackage.digest,
      await sha256(new TextEncoder().encode(Object.values(fileDigests).join(""))),
    );
    assert.equal(fromFolder.digest, fromPackage.digest);
  });
});

Deno.test("a folder's altered file is used, warned of and seen in the digest", async () => {
  const altered = { "train-labels-idx1-ubyte": toIdx([2, 2, 1], [3]) };
  await withFiles({}, async (directory) => {
    const { digest } = await loadFrom(directory);
    await withFiles(altered, async (alteredDirectory) => {
      const dataset = await loadFrom(alteredDirectory);
      assert.deepEqual([...dataset.train.labels], [2, 2, 1]);
      assert.notEqual(dataset.digest, digest);
      assert.equal(dataset.warnings.length, 1);
      assert(dataset.warnings[0]!.includes("train-labels-idx1-ubyte is not the original"));
    });
  });
});

Deno.test("without the package, the error says where it was looked for and what to do", async () => {
  await withFiles({}, async (directory) => {
    const missing = join(directory, "missing");
    await assert.rejects(defineIdxDataset(describe(missing)).load(), (error) => {
      assert(error instanceof NotFoundError);
      assert(error.message.includes(missing));
      assert(error.message.endsWith("install the package again"));
      return true;
    });
  });
});

Deno.test("a package's altered file is refused", async () => {
  const altered = { "t10k-labels-idx1-ubyte": toIdx([1, 1], [2]) };
  await withFiles(altered, async (directory) => {
    await assert.rejects(defineIdxDataset(describe(directory)).load(), (error) => {
      assert(error instanceof IntegrityError);
      assert(error.message.includes(join(directory, "t10k-labels-idx1-ubyte")));
      assert(error.message.includes(`must be ${fileDigests["t10k-labels-idx1-ubyte"]}`));
      assert(error.message.endsWith("install the package again"));
      return true;
    });
  });
});

const mistakes: { what: string; files: Partial<Files>; message: RegExp }[] = [
  {
    what: "too few images",
    files: { "train-images-idx3-ubyte": toIdx([0, 1, 2, 3], [2, 2, 1]) },
    message: /Cannot use .*train-images-idx3-ubyte: its shape must be 3 × 2 × 1, got 2 × 2 × 1/,
  },
  {
    what: "images of another size",
    files: { "t10k-images-idx3-ubyte": toIdx([3, 4, 5, 6], [2, 1, 2]) },
    message: /Cannot use .*t10k-images-idx3-ubyte: its shape must be 2 × 2 × 1, got 2 × 1 × 2/,
  },
  {
    what: "labels where images belong",
    files: { "train-images-idx3-ubyte": original["train-labels-idx1-ubyte"] },
    message: /its shape must be 3 × 2 × 1, got 3;/,
  },
  {
    what: "too many labels",
    files: { "t10k-labels-idx1-ubyte": toIdx([0, 1, 2], [3]) },
    message: /Cannot use .*t10k-labels-idx1-ubyte: its shape must be 2, got 3/,
  },
  {
    what: "a label of no class",
    files: { "train-labels-idx1-ubyte": toIdx([2, 3, 1], [3]) },
    message: /Cannot use .*train-labels-idx1-ubyte: label 1 must be from 0 to 2, got 3/,
  },
];

for (const { what, files, message } of mistakes) {
  Deno.test(`${what} in a folder is refused`, async () => {
    await withFiles(files, async (directory) => {
      await assert.rejects(loadFrom(directory), (error) => {
        assert(error instanceof IntegrityError);
        assert.match(error.message, message);
        return true;
      });
    });
  });
}
