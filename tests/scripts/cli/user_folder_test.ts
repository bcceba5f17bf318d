/** Paths are taken from where the user stands. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runCommand, withFolder } from "../run_command.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Runs a test in a new folder with an image, `7.png`, and a file that is no folder, `file`. */
function withImage(test: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    await Deno.copyFile(`${root}fixtures/samples/7.png`, `${folder}/7.png`);
    await Deno.writeTextFile(`${folder}/file`, "x");
    await test(folder);
  });
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("a task that is called elsewhere reads and writes there, and says what it was told", () =>
  withImage(async (folder) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["task", "--quiet", "--config", `${root}deno.json`],
        ...["poison", "--image", "7.png", "--out", "mine.png"],
      ],
      cwd: folder,
      // Deno leaves it as it is if it is set: here, by the task that runs the tests.
      env: { NO_COLOR: "1", INIT_CWD: folder },
    }).output();
    const decoder = new TextDecoder();
    assert.equal(code, 0, decoder.decode(stderr));
    assert.doesNotMatch(decoder.decode(stderr), /warning|experimental/i);
    assert.match(decoder.decode(stdout), /^7\.png, 28×28 grey: .*; written to mine\.png\n$/);
    assert.deepEqual(namesIn(folder), ["7.png", "file", "mine.png"]);
  }));

const cases: readonly [name: string, args: string[], status: 0 | 1 | 2, message: RegExp][] = [
  ["poison", ["--image", "7.png", "--out", "sub/x.png"], 1, /Cannot write sub\/x\.png: its folder/],
  [
    "poison",
    ["--image", "7.png", "--out", "file/x.png"],
    2,
    /Cannot write file\/x\.png: .* a file/,
  ],
  ["poison", ["--image", "file"], 1, /Cannot read file, given by --image: /],
  ["poison", ["--image", "7.png", "--trigger", "image:file"], 1, /Cannot read file, given by/],
  ["poison", ["--dataset", "mnist", "--format", "idx", "--out", "file"], 2, /Cannot write file: /],
  ["train", ["--data-dir", "file", "--kv", ":memory:"], 1, /in file: it is a file, not a folder/],
  ["train", ["--data-dir", "/proc/1", "--kv", ":memory:"], 1, /Deno keeps programs out of it; put/],
  ["train", ["--kv", "/proc/1/kv"], 1, /store \/proc\/1\/kv: Deno keeps programs out of it; its/],
  ["train", ["--kv", "file/kv"], 1, /Cannot open the store file\/kv: /],
  [
    "evaluate",
    ["mnist-article-clean", "--data-dir", "data", "--kv", ":memory:"],
    1,
    /in data: .* no/,
  ],
  ["models", ["list", "--kv", "models.sqlite"], 0, /^$/],
  ["reproduce", ["badnets", "--results", "file"], 2, /Cannot write to file: .*, got a file; /],
  [
    "reproduce",
    ["badnets", "--from", "file"],
    2,
    /Cannot take results: file must be .* is not JSON/,
  ],
];
for (const [name, args, status, message] of cases) {
  Deno.test(`${name} ${args.join(" ")} is about paths from where the user stands`, () =>
    withImage(async (folder) => {
      const outcome = await runCommand(name, args, { env: { INIT_CWD: folder } });
      assert.match(outcome.stderr, message);
      assert.equal(outcome.status, status, outcome.stderr);
      if (args.includes("models.sqlite")) assert.ok(namesIn(folder).includes("models.sqlite"));
    }));
}

Deno.test("start takes EDGEDOOR_KV from there too", () =>
  withImage(async (folder) => {
    const { status, stderr } = await runCommand("start", [], {
      permissions: "serve",
      env: { INIT_CWD: folder, EDGEDOOR_KV: "file/kv", PORT: "0" },
    });
    assert.equal(status, 1);
    assert.match(stderr, /^error: Cannot open the store file\/kv: /);
  }));

Deno.test("a folder that is gone is said in one line", async () => {
  const { status, stderr } = await runCommand("models", ["list"], {
    env: { INIT_CWD: "/no/such/folder" },
  });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^error: Cannot begin in \/no\/such\/folder: .*; go to a folder that exists\n$/,
  );
});
