/** The container's image, built and run as far as that goes without a registry. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { permissions } from "../../scripts/cli/permissions.ts";
import { readAddress } from "../read_address.ts";
import { createBareRoot } from "./bare_root.ts";
import { environmentOf, only, readInstructions } from "./dockerfile.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const instructions = readInstructions(await Deno.readTextFile(`${project}Dockerfile`));
const command: string[] = JSON.parse(only(instructions, "CMD"));
const [, healthLine] = /CMD (\[.*\])$/.exec(only(instructions, "HEALTHCHECK")) ?? [];
const healthCommand: string[] = JSON.parse(healthLine!);

Deno.test("the container runs the command of start, on the Deno that the documents name", async () => {
  assert.deepEqual(command, [
    ...["deno", "run", "--config=deno.run.json", "--node-modules-dir=manual"],
    ...[...permissions.serve, "scripts/start.ts"],
  ]);
  const { tasks } = JSON.parse(await Deno.readTextFile(`${project}deno.json`));
  const { command: task } = tasks.start;
  assert.equal(task, command.join(" ").replace(" --node-modules-dir=manual", ""));
  assert.equal(only(instructions, "FROM"), `denoland/deno:${Deno.version.deno}`);
  assert.equal(only(instructions, "USER"), "deno");
  assert.equal(only(instructions, "STOPSIGNAL"), "SIGTERM");
});

Deno.test("a plain user serves in a bare root, writes to the volume alone, and ends in order", async () => {
  await using root = await createBareRoot(project);
  for (const instruction of instructions) await root.apply(instruction);
  const volume = join(root.folder, only(instructions, "VOLUME"));
  const before = await filesIn(root.folder);
  for (const other of ["tests", ".git", "README.md", ".cache"]) {
    assert.ok(!before.some((path) => path.startsWith(join(root.folder, "edgedoor", other))), other);
  }

  // Another port than the image's: tests run beside other servers.
  const env = { ...environmentOf(instructions), PORT: "0" };
  const server = root.start(command, env);
  const printed = server.stderr.pipeThrough(new TextDecoderStream());
  const port = new URL(await readAddress(printed)).port;
  const rest = Array.fromAsync(printed);
  const health = async () => {
    const { code } = await root.start(healthCommand, { ...env, PORT: port }).output();
    return code;
  };
  assert.equal(await health(), 0);
  const response = await fetch(`http://127.0.0.1:${port}/api/attack`, {
    method: "POST",
    body: await Deno.readFile(`${project}fixtures/samples/7.png`),
  });
  assert.equal((await response.json()).flipped, true);

  server.kill("SIGTERM");
  const [{ code }] = await Promise.all([server.status, server.stdout.cancel()]);
  assert.equal(code, 0, (await rest).join(""));
  assert.equal(await health(), 1);
  const written = (await filesIn(root.folder)).filter((path) => !before.includes(path));
  assert.ok(written.length > 0, "there is a store");
  assert.deepEqual(written.filter((path) => !path.startsWith(volume)), []);
});

async function filesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    files.push(...isDirectory ? await filesIn(path) : [path]);
  }
  return files;
}
