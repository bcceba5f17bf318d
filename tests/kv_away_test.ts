import assert from "node:assert/strict";
import { digitPng } from "./routes/sample_image.ts";
import { type ServerProcess, startServer } from "./server_process.ts";
import { until } from "./until.ts";
import { environmentOf, saveBundled, withDenokv } from "./with_denokv.ts";

const body = digitPng(7);

/** What the API lists, and what it says cannot be served. */
async function listed({ address }: ServerProcess) {
  const response = await fetch(new URL("/api/models", address));
  const { models, problems } = await response.json();
  const problem: string | undefined = problems.find(({ name }: { name: string | null }) =>
    name === null
  )?.problem;
  return {
    versions: Object.fromEntries(
      models.map(({ name, version }: Record<string, string>) => [name, version]),
    ) as Record<string, string>,
    problem,
  };
}

async function classify({ address }: ServerProcess, model: string): Promise<string> {
  const url = new URL(`/api/classify?model=${model}`, address);
  const response = await fetch(url, { method: "POST", body });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

/** The status of a route, and how long it took, in milliseconds. */
async function time({ address }: ServerProcess, path: string): Promise<[number, number]> {
  const start = performance.now();
  const response = await fetch(new URL(path, address));
  await response.body?.cancel();
  return [response.status, performance.now() - start];
}

/** Asks again and again until it is told to stop; answers what was said, and the longest time. */
function startLoad(server: ServerProcess, model: string) {
  let isOver = false;
  const answers = new Set<string>();
  const run = async () => {
    let longest = 0;
    while (!isOver) {
      const start = performance.now();
      answers.add(await classify(server, model));
      longest = Math.max(longest, performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return longest;
  };
  const runs = Promise.all([run(), run()]);
  return async () => {
    isOver = true;
    return { answers, longest: Math.max(...await runs) };
  };
}

async function end({ child }: ServerProcess): Promise<void> {
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 0);
}

const absences = [
  ["is killed and started again", (denokv) => denokv.stop(), (denokv) => denokv.restart()],
  [
    "is halted and goes on",
    (denokv) => Promise.resolve(denokv.kill("SIGSTOP")),
    (denokv) => Promise.resolve(denokv.kill("SIGCONT")),
  ],
] as const satisfies readonly [
  what: string,
  leave: (denokv: Parameters<Parameters<typeof withDenokv>[0]>[0]) => Promise<void>,
  comeBack: (denokv: Parameters<Parameters<typeof withDenokv>[0]>[0]) => Promise<void>,
][];

for (const [what, leave, comeBack] of absences) {
  Deno.test(`under load, a store that ${what} is not missed, and its next version is served`, () =>
    withDenokv(async (denokv) => {
      await saveBundled(denokv.url, "stored", 1);
      await saveBundled(denokv.url, "unloaded", 0);
      await using server = await startServer(environmentOf(denokv));
      const answer = await classify(server, "stored");
      const stopLoad = startLoad(server, "stored");

      await leave(denokv);
      await until("the store is missed", async () => (await listed(server)).problem !== undefined);
      const { versions, problem } = await listed(server);
      assert.deepEqual([versions["stored"], versions["unloaded"]], ["1", "1"]);
      assert.match(problem!, /^Cannot reach the store: it does not answer/);
      for (const path of ["/v2/health/live", "/v2/health/ready"]) {
        const [status, took] = await time(server, path);
        assert.equal(status, 200, path);
        assert.ok(took < 2_000, `${path} took ${took} ms`);
      }
      // What is not in memory is not to be had; what is bundled is.
      const url = new URL("/api/classify?model=unloaded", server.address);
      const refused = await fetch(url, { method: "POST", body });
      assert.equal(refused.status, 503);
      assert.ok(refused.headers.has("Retry-After"));
      assert.match((await refused.json()).detail, /^Cannot reach the store/);
      await classify(server, "mnist-article-clean");
      for (const path of ["/api/models/stored", "/v2/models/stored", "/v2/models/unloaded"]) {
        assert.equal((await time(server, path))[0], 200, path);
      }
      assert.equal((await time(server, "/api/models/nobody"))[0], 503);

      await comeBack(denokv);
      await until("it is back", async () => (await listed(server)).problem === undefined);
      await classify(server, "unloaded");
      const { answers, longest } = await stopLoad();
      assert.deepEqual([...answers], [answer]);
      // Two waits of 0.75 s for an answer, and what a busy machine adds.
      assert.ok(longest < 6_000, `an answer took ${longest} ms`);
      await saveBundled(denokv.url, "stored", 1);
      await until("version 2", async () => (await listed(server)).versions["stored"] === "2");
      const said = server.printed().split("\n").filter((line) => /reach the store/.test(line));
      assert.deepEqual(said.map((line) => /Solved:/.test(line)), [false, true]);
      await end(server);
    }));
}

Deno.test("a server whose store is away starts, serves what is bundled, and finds the store later", () =>
  withDenokv(async (denokv) => {
    await saveBundled(denokv.url, "stored", 1);
    await denokv.stop();
    await using server = await startServer(environmentOf(denokv));
    assert.deepEqual(await time(server, "/v2/health/live").then(([status]) => status), 200);
    const { versions, problem } = await listed(server);
    assert.deepEqual(Object.keys(versions).sort(), [
      "mnist-article-clean",
      "mnist-article-single-target-pattern",
    ]);
    assert.match(problem!, /^Cannot reach the store/);
    assert.equal((await time(server, "/v2/health/ready"))[0], 200);
    await classify(server, "mnist-article-clean");
    await denokv.restart();
    await until("the store is found", async () => "stored" in (await listed(server)).versions);
    await classify(server, "stored");
    await end(server);
  }));
