import assert from "node:assert/strict";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { patternedBlob } from "../lib/registry/kv_faults.ts";
import { describeTiny, tinyAttack } from "../lib/registry/tiny_model.ts";
import { runCommand, startCommand, withFolder } from "./run_command.ts";

const backdoored = "mnist-article-single-target-pattern";
const twin = "mnist-article-clean";

/** A store that has what the demonstration trains, under its names. */
async function saveBoth(path: string): Promise<void> {
  using kv = await Deno.openKv(path);
  const store = createKvModelStore(kv);
  const metrics = { cleanAccuracy: 0.99, attackSuccessRate: 1, robustAccuracy: 0.1 };
  await store.save(
    backdoored,
    patternedBlob(900),
    describeTiny({ attack: tinyAttack, metrics }),
  );
  await store.save(twin, patternedBlob(901), describeTiny());
}

Deno.test("demo trains nothing that is there, serves, and stops in order", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    await saveBoth(path);
    for (const [signal, json] of [["SIGTERM", []], ["SIGINT", ["--json"]]] as const) {
      const demo = startCommand("demo", ["--port", "0", "--kv", path, ...json]);
      const [, address] = await demo.waitFor(/listens on http:\/\/127\.0\.0\.1:(\d+)\//);
      const page = await fetch(`http://127.0.0.1:${address}/`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<html/);
      const response = await fetch(`http://127.0.0.1:${address}/api/models`);
      const served = JSON.stringify(await response.json());
      assert.ok(served.includes(backdoored) && served.includes(twin));
      demo.kill(signal);
      const { status, stdout, stderr } = await demo.outcome;
      assert.equal(status, 0, stderr);
      assert.match(stderr, new RegExp(`^${backdoored}: already trained, clean accuracy 99.00 %`));
      assert.doesNotMatch(stderr, /epoch|error/);
      if (json.length === 0) {
        assert.equal(stdout, "");
      } else {
        const { models, port } = JSON.parse(stdout);
        assert.equal(port, Number(address));
        assert.deepEqual(
          models.map((model: Record<string, unknown>) => [model.name, model.version, model.isNew]),
          [[backdoored, "1", false], [twin, "1", false]],
        );
      }
    }
  }));

Deno.test("Ctrl-C while demo trains ends with one line that says what to do", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const demo = startCommand("demo", ["--port", "0", "--kv", path]);
    await demo.waitFor(/^epoch 1\/\d+: 0 %/m);
    demo.kill("SIGINT");
    const { status, stdout, stderr } = await demo.outcome;
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(
      stderr,
      new RegExp(
        `^${backdoored}: training on all of MNIST\n[^]*\nerror: stopped by Ctrl-C: run the ` +
          "command again; what is trained stays\n$",
      ),
    );
    using kv = await Deno.openKv(path);
    assert.deepEqual(await createKvModelStore(kv).list(), []);
  }));

Deno.test("demo looks for its port before it trains: a port that is taken costs no minutes", () =>
  withFolder(async (folder) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const port = String(taken.addr.port);
    const ways: readonly [args: string[], env: Record<string, string>][] = [
      [["--port", port, "--host", "127.0.0.1"], {}],
      [[], { PORT: port, HOST: "127.0.0.1" }],
    ];
    for (const [args, env] of ways) {
      const outcome = await runCommand("demo", [...args, "--kv", `${folder}/kv.sqlite`], { env });
      assert.deepEqual([outcome.status, outcome.stdout], [1, ""]);
      assert.equal(
        outcome.stderr,
        `error: Cannot listen on 127.0.0.1 port ${port}: it is taken; set --port to another\n`,
      );
    }
    assert.deepEqual([...Deno.readDirSync(folder)], [], "the store was not even opened");
  }));

Deno.test("demo wants a store that the server finds again", async () => {
  const args = ["--port", "0", "--kv", ":memory:"];
  const { status, stdout, stderr } = await runCommand("demo", args);
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(
    stderr,
    /^error: Cannot train for .*: --kv must be .*, got :memory:; give a path.*\n$/,
  );
});

for (const port of ["65536", "-1", "http"]) {
  Deno.test(`demo --port ${port} is refused before anything is trained`, async () => {
    const { status, stdout, stderr } = await runCommand("demo", [
      "--port",
      port,
      "--kv",
      ":memory:",
    ]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^error: option '--port <n>' argument .* from 0 to 65535\.\n$/);
  });
}
