import assert from "node:assert/strict";
import { join } from "node:path";
import { checkDeployed } from "../../scripts/deploy/check_deployed.ts";
import type { Question } from "../../scripts/deploy/ask_server.ts";
import { copyDeployed, forbidWriting, stateOf } from "../../scripts/deploy/deployed_copy.ts";
import { startProgram, withFolder } from "./run_command.ts";

Deno.test("what is deployed serves, on the oldest Deno and on this one", async () => {
  const { outcome } = startProgram(["-A", "scripts/deploy_check.ts", "--json"]);
  const { status, stdout, stderr } = await outcome;
  assert.equal(status, 0, stderr);
  const { passed, failed, runs } = JSON.parse(stdout);
  assert.deepEqual([passed, failed], [18, 0]);
  assert.deepEqual(runs.map(({ deno }: { deno: string }) => deno), ["2.5.7", Deno.version.deno]);
  assert.equal(stderr.match(/^ok .* Deno [\d.]+ +\w+ +\S/gm)?.length, 18, "a line for each check");
});

/** A server that says that it listens, and what it does beside. */
const server = (answer: string, beside = "") => `
  Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }) => console.log(\`it listens on http://localhost:\${port}/\`),
  }, ${answer});
  ${beside}`;
const ok = `() => new Response("ok")`;
const ends = `Deno.addSignalListener("SIGINT", () => Deno.exit(0));`;

const question: Question = {
  name: "answer",
  async ask(url) {
    const text = await (await fetch(url)).text();
    if (text !== "ok") throw new Error(`it must say ok, got ${text}`);
    return text;
  },
};

/** What comes of a server: the names of the checks that failed, with why. */
async function failuresOf(program: string, memory = 512): Promise<string[]> {
  const failures: string[] = [];
  await withFolder(async (folder) => {
    await Deno.chmod(folder, 0o755);
    await Deno.writeTextFile(join(folder, "main.ts"), program);
    const deno = join(folder, "deno");
    await Deno.copyFile(Deno.execPath(), deno);
    await Deno.chmod(deno, 0o755);
    const checks = await checkDeployed(
      { deno, args: ["run", "-A", "--no-config", "main.ts"], folder, env: {} },
      { questions: [question], limits: { memory, stop: 1_000 } },
    );
    for (const { name, passed, detail } of checks) if (!passed) failures.push(`${name}: ${detail}`);
  });
  return failures;
}

Deno.test("a server that is not fit to be deployed fails the check that is about it", async () => {
  assert.deepEqual(await failuresOf(server(ok, ends)), []);
  const [start, ...none] = await failuresOf(`throw new Error("no store")`);
  assert.match(start!, /^start: it must listen, got: [^]*no store/);
  assert.deepEqual(none, [], "nothing is asked of what does not run");
  const wrong = await failuresOf(server(`() => new Response("no")`, ends));
  assert.deepEqual(wrong, ["answer: it must say ok, got no"]);
  const deaf = await failuresOf(server(ok, `Deno.addSignalListener("SIGINT", () => {});`));
  assert.match(String(deaf), /^stop: it must end with status 0 within 1000 ms of SIGINT, got 137$/);
  const [large, ...others] = await failuresOf(server(ok, ends), 1);
  assert.match(large!, /^memory: it must stay below 1 MB, got \d+$/);
  assert.deepEqual(others, []);
});

Deno.test("a deployed server is a plain user, who can write to nothing that root owns", async () => {
  const answer = `() => {
    try {
      Deno.writeTextFileSync("written", "");
      return new Response("written as " + Deno.uid());
    } catch {
      return new Response(Deno.uid() === 0 ? "root" : "ok");
    }
  }`;
  if (Deno.uid() === 0) assert.deepEqual(await failuresOf(server(answer, ends)), []);
  await withFolder(async (folder) => {
    const before = await stateOf(folder);
    await Deno.mkdir(join(folder, "below"));
    assert.equal(await stateOf(folder), before);
    await Deno.writeTextFile(join(folder, "below/written"), "");
    assert.notEqual(await stateOf(folder), before, "a file that is new is noticed");
    await forbidWriting(folder);
    assert.equal((await Deno.stat(join(folder, "below"))).mode! & 0o222, 0);
    await Deno.chmod(folder, 0o755);
    await Deno.chmod(join(folder, "below"), 0o755);
  });
});

Deno.test("what git does not know or ignores is not deployed", () =>
  withFolder(async (folder) => {
    const project = join(folder, "project");
    await Deno.mkdir(project);
    const write = (name: string, text: string) => Deno.writeTextFile(join(project, name), text);
    const config = { deploy: { install: "deno --version", runtime: { entrypoint: "main.ts" } } };
    await write("deno.json", JSON.stringify(config));
    await write(".gitignore", "*.sqlite\n");
    await write("store.sqlite", "");
    await write("new.ts", "");
    await new Deno.Command("git", { args: ["init", "--quiet"], cwd: project }).output();
    const copy = await copyDeployed(project, join(folder, "copy"));
    assert.equal(copy.files, 3);
    const names = await Array.fromAsync(Deno.readDir(copy.folder), ({ name }) => name);
    assert.deepEqual(names.sort(), [".gitignore", "deno.json", "new.ts"]);
  }));
