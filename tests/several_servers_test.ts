import assert from "node:assert/strict";
import { digitPng } from "./routes/sample_image.ts";
import { type ServerProcess, startServer } from "./server_process.ts";
import { until } from "./until.ts";
import { environmentOf, saveBundled, withDenokv } from "./with_denokv.ts";

const body = digitPng(7);

/** What a server says to an image, and which version it says that it serves. */
async function ask({ address }: ServerProcess) {
  const answer = await fetch(new URL("/api/classify?model=shared", address), {
    method: "POST",
    body,
  });
  assert.equal(answer.status, 200);
  const { predictions: [{ probabilities }] } = await answer.json();
  const model = await (await fetch(new URL("/api/models/shared", address))).json();
  return { probabilities: String(probabilities), version: String(model.version) };
}

Deno.test("three servers on one store serve a new version within seconds, all the same one", () =>
  withDenokv(async (denokv) => {
    await saveBundled(denokv.url, "shared", 0);
    await using first = await startServer(environmentOf(denokv));
    await using second = await startServer(environmentOf(denokv));
    await using third = await startServer(environmentOf(denokv));
    const servers = [first, second, third];
    const before = await Promise.all(servers.map(ask));
    assert.deepEqual(before.map(({ version }) => version), ["1", "1", "1"]);
    assert.equal(new Set(before.map(({ probabilities }) => probabilities)).size, 1);

    // Version 2 has other weights.
    await saveBundled(denokv.url, "shared", 1);
    const start = performance.now();
    await Promise.all(
      servers.map((server, i) =>
        until(`server ${i} serves version 2`, async () => (await ask(server)).version === "2")
      ),
    );
    const took = performance.now() - start;
    const after = await Promise.all(servers.map(ask));
    assert.equal(new Set(after.map(({ probabilities }) => probabilities)).size, 1);
    assert.notEqual(after[0]!.probabilities, before[0]!.probabilities);
    // Two seconds, and what a busy machine adds.
    assert.ok(took < 5_000, `it took ${took} ms`);
    for (const { child } of servers) {
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
    }
  }));
