/** The version that manifests name, in repositories that the tests make. */

import assert from "node:assert/strict";
import { VERSION } from "../../../lib/core/version.ts";
import { currentVersion } from "../../../scripts/cli/version.ts";
import { withFolder } from "../run_command.ts";

/** Runs git in a folder, as nobody in particular and by nobody's settings. */
async function git(folder: string, ...args: string[]): Promise<string> {
  const identity = [
    "-c",
    "user.name=a",
    "-c",
    "user.email=a@example.org",
    "-c",
    "tag.gpgSign=false",
  ];
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: [...identity, "-c", "commit.gpgSign=false", ...args],
    cwd: folder,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** Runs a test in a repository of one commit. */
function withRepository(test: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    await git(folder, "init", "--quiet");
    await Deno.writeTextFile(`${folder}/file`, "one");
    await git(folder, "add", "file");
    await git(folder, "commit", "--quiet", "--message", "one");
    await test(folder);
  });
}

Deno.test("a commit that no tag names is between releases, and is named", () =>
  withRepository(async (folder) => {
    const commit = await git(folder, "rev-parse", "--short", "HEAD");
    assert.equal(currentVersion(folder), `${VERSION}-dev+${commit}`);
    await git(folder, "tag", "v0.0.1");
    assert.equal(currentVersion(folder), `${VERSION}-dev+${commit}`, "another release's tag");
  }));

for (const annotated of [true, false]) {
  const kind = annotated ? "an annotated" : "a plain";
  Deno.test(`the commit of ${kind} tag is the release, and the next commit is not`, () =>
    withRepository(async (folder) => {
      const message = annotated ? ["--annotate", "--message", "a release"] : [];
      await git(folder, "tag", ...message, `v${VERSION}`);
      assert.equal(currentVersion(folder), VERSION);
      await git(folder, "commit", "--quiet", "--allow-empty", "--message", "two");
      const commit = await git(folder, "rev-parse", "--short", "HEAD");
      assert.equal(currentVersion(folder), `${VERSION}-dev+${commit}`);
    }));
}

Deno.test("files that differ from the release's are not the release", () =>
  withRepository(async (folder) => {
    await git(folder, "tag", `v${VERSION}`);
    await Deno.writeTextFile(`${folder}/file`, "two");
    const commit = await git(folder, "rev-parse", "--short", "HEAD");
    assert.equal(currentVersion(folder), `${VERSION}-dev+${commit}.modified`);
  }));

Deno.test("without a repository it is the release's version, as in the release's archive", () =>
  withFolder((folder) => {
    assert.equal(currentVersion(folder), VERSION);
    return Promise.resolve();
  }));

Deno.test("a repository that git cannot read is no release", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/.git`);
    assert.equal(currentVersion(folder), `${VERSION}-dev`);
  }));

Deno.test("deno.json's version is one that a tag can have", () => {
  assert.match(VERSION, /^\d+\.\d+\.\d+$/);
});
