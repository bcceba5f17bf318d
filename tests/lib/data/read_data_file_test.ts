import assert from "node:assert/strict";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { IntegrityError, NotFoundError } from "../../../lib/core/errors.ts";
import { readDataFile } from "../../../lib/data/read_data_file.ts";

const wanted = {
  name: "train-images-idx3-ubyte",
  otherNames: ["train-images.idx3-ubyte"],
  remedy: "fetch it",
};
const contents = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 42);

/** Runs a test in a new folder that holds these files. */
async function withFiles(
  files: Record<string, Uint8Array>,
  test: (directory: string) => Promise<void>,
) {
  const directory = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.writeFile(join(directory, name), bytes);
    }
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

for (const spelling of ["train-images-idx3-ubyte", "train-images.idx3-ubyte"]) {
  Deno.test(`a file is found as ${spelling}, plain and gzipped`, async () => {
    await withFiles({ [spelling]: contents }, async (directory) => {
      const file = await readDataFile(directory, wanted);
      assert.equal(file.path, join(directory, spelling));
      assert.deepEqual(file.bytes, contents);
    });
    await withFiles({ [`${spelling}.gz`]: gzipSync(contents) }, async (directory) => {
      const file = await readDataFile(directory, wanted);
      assert.equal(file.path, join(directory, `${spelling}.gz`));
      assert.deepEqual(file.bytes, contents);
    });
  });
}

Deno.test("a gzipped file is known by its contents, whatever its name", async () => {
  await withFiles({ [wanted.name]: gzipSync(contents) }, async (directory) => {
    assert.deepEqual((await readDataFile(directory, wanted)).bytes, contents);
  });
});

Deno.test("a folder of the file's name does not hide the file beside it", async () => {
  await withFiles({ "train-images.idx3-ubyte": contents }, async (directory) => {
    await Deno.mkdir(join(directory, wanted.name));
    assert.deepEqual((await readDataFile(directory, wanted)).bytes, contents);
  });
});

Deno.test("a missing file is an error with the folder, the names and what to do", async () => {
  await withFiles({}, async (directory) => {
    await assert.rejects(readDataFile(directory, wanted), (error) => {
      assert(error instanceof NotFoundError);
      assert.equal(
        error.message,
        `Cannot find train-images-idx3-ubyte in ${directory}: the file must be named ` +
          "train-images-idx3-ubyte, train-images.idx3-ubyte, train-images-idx3-ubyte.gz or " +
          "train-images.idx3-ubyte.gz, got none of these; fetch it",
      );
      return true;
    });
  });
});

Deno.test("a folder that is none is said to be none, and why", async () => {
  await withFiles({ file: contents }, async (directory) => {
    for (
      const [place, why] of [
        ["none", "there is no such folder"],
        ["file", "it is a file, not a folder"],
        ["file/in it", "there is no such folder"],
      ]
    ) {
      await assert.rejects(readDataFile(join(directory, place!), wanted), {
        name: "NotFoundError",
        message: `Cannot find ${wanted.name} in ${join(directory, place!)}: ${why}; fetch it`,
      });
    }
  });
});

Deno.test("a truncated or altered gzip file is an error that names it", async () => {
  const whole = new Uint8Array(gzipSync(contents));
  const altered = whole.slice();
  altered[12] = altered[12]! ^ 0xff;
  for (const broken of [whole.subarray(0, whole.length - 9), altered]) {
    await withFiles({ [`${wanted.name}.gz`]: broken }, async (directory) => {
      await assert.rejects(readDataFile(directory, wanted), (error) => {
        assert(error instanceof IntegrityError);
        assert(error.message.startsWith(`Cannot read ${join(directory, wanted.name)}.gz: `));
        assert(error.message.endsWith("; fetch it"));
        return true;
      });
    });
  }
});
