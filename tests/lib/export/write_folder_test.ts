import assert from "node:assert/strict";
import { writeFolder } from "../../../lib/export/write_folder.ts";
import { withFolder } from "../../scripts/run_command.ts";

/** Two files, one in a folder; between them something may happen. */
async function* files(between: () => Promise<void> | void = () => {}) {
  yield { path: "a", bytes: Uint8Array.of(1) };
  await between();
  yield { path: "b/c", bytes: Uint8Array.of(2, 3) };
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

const { signal } = new AbortController();

for (const what of ["a new folder", "an empty folder"]) {
  Deno.test(`${what} is there with all its files, and nothing is beside it`, () =>
    withFolder(async (folder) => {
      if (what === "an empty folder") await Deno.mkdir(`${folder}/out`);
      await writeFolder(
        `${folder}/out`,
        files(() => {
          if (what === "a new folder") assert.ok(!namesIn(folder).includes("out"), "not before");
        }),
        { signal },
      );
      assert.deepEqual(namesIn(folder), ["out"]);
      assert.deepEqual(namesIn(`${folder}/out`).sort(), ["a", "b"]);
      assert.deepEqual(await Deno.readFile(`${folder}/out/b/c`), Uint8Array.of(2, 3));
    }));
}

Deno.test("stopped or failed on the way, it leaves nothing", () =>
  withFolder(async (folder) => {
    const stop = new AbortController();
    const stopping = files(() => stop.abort(new Error("stopped")));
    await assert.rejects(writeFolder(`${folder}/out`, stopping, { signal: stop.signal }), {
      message: "stopped",
    });
    const failing = files(() => Promise.reject(new Error("no more")));
    await assert.rejects(writeFolder(`${folder}/out`, failing, { signal }), {
      message: "no more",
    });
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("what the system refuses to write, as on a full disk, is said of the folder, and nothing is left", () =>
  withFolder(async (folder) => {
    const tooLong = async function* () {
      yield { path: "a", bytes: Uint8Array.of(1) };
      yield { path: `b/${"c".repeat(300)}`, bytes: Uint8Array.of(2) };
    };
    await assert.rejects(writeFolder(`${folder}/out`, tooLong(), { signal }), {
      message:
        `Cannot write ${folder}/out: File name too long (os error 36); make room there, or ` +
        "choose another place",
    });
    assert.deepEqual(namesIn(folder), []);
  }));

Deno.test("a slash behind its name makes no other folder of it", () =>
  withFolder(async (folder) => {
    await writeFolder(`${folder}/out/`, files(), { signal });
    assert.deepEqual(namesIn(folder), ["out"]);
  }));

Deno.test("what stands there is left alone", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/full`);
    await Deno.writeTextFile(`${folder}/full/mine`, "mine");
    for (const taken of [`${folder}/full`, `${folder}/full/mine`]) {
      await assert.rejects(writeFolder(taken, files(), { signal }), {
        name: "UsageError",
        message: /^Cannot write .*: --out must be a folder that is empty or does not exist, got a /,
      });
    }
    assert.deepEqual([namesIn(folder), namesIn(`${folder}/full`)], [["full"], ["mine"]]);
  }));
