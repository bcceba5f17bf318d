import assert from "node:assert/strict";
import { join } from "node:path";
import { writeAtomically, writeTogether } from "../../../lib/core/write_atomically.ts";

/** Runs a test in a new folder. */
async function inFolder(test: (directory: string) => Promise<void>) {
  const directory = await Deno.makeTempDir();
  try {
    await test(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function fileNames(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map((entry) => entry.name);
}

Deno.test("a file is written, then replaced, and stands alone", async () => {
  await inFolder(async (directory) => {
    const path = join(directory, "file");
    for (const bytes of [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]) {
      await writeAtomically(path, bytes);
      assert.deepEqual(await Deno.readFile(path), bytes);
      assert.deepEqual(fileNames(directory), ["file"]);
    }
  });
});

Deno.test("where the file cannot be put, nothing is left behind", async () => {
  await inFolder(async (directory) => {
    const path = join(directory, "folder");
    await Deno.mkdir(path);
    await assert.rejects(writeAtomically(path, Uint8Array.of(1)));
    assert.deepEqual(fileNames(directory), ["folder"]);
  });
});

Deno.test("of files that belong together, none is there if one cannot be written", async () => {
  await inFolder(async (directory) => {
    const files = (name: string) =>
      ["a", name].map((each) => ({ path: join(directory, each), bytes: Uint8Array.of(1) }));
    await assert.rejects(
      writeTogether(files("b".repeat(300))),
      /^Error: Cannot write .*b: File name/,
    );
    assert.deepEqual(fileNames(directory), []);
    await writeTogether(files("b"));
    assert.deepEqual(fileNames(directory).sort(), ["a", "b"]);
  });
});

Deno.test("a missing folder is reported as such", async () => {
  await inFolder(async (directory) => {
    await assert.rejects(
      writeAtomically(join(directory, "none", "file"), Uint8Array.of(1)),
      Deno.errors.NotFound,
    );
  });
});
