import assert from "node:assert/strict";
import { giantPng } from "../lib/serve/hostile_images.ts";
import { type AppOptions, createApp } from "../../routes/app.ts";
import { createFakePool } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

interface Served extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** What the server could be blamed for. */
  readonly logged: string[];
}

/** A server of a fake pool on a free port. */
function serve(options: Partial<AppOptions> = {}): Served {
  const logged: string[] = [];
  const log: AppOptions["log"] = (_, message) => void logged.push(message);
  const app = createApp({ pool: createFakePool(), log, ...options });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.fetch);
  const { port } = server.addr;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    logged,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const decoder = new TextDecoder();

/** Sends the beginning of a request; gives the connection. */
async function send({ port }: Served, text: string): Promise<Deno.Conn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  return connection;
}

/** The status line and the rest of an answer. */
async function answerOn(connection: Deno.Conn): Promise<string> {
  const memory = new Uint8Array(4096);
  const length = await connection.read(memory);
  return decoder.decode(memory.subarray(0, length ?? 0));
}

function head(path: string, header: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n\r\n`;
}

async function classify({ url }: Served): Promise<Response> {
  return await fetch(`${url}/api/classify`, { method: "POST", body: digitPng(7) });
}

Deno.test("slow uploads end each other, and keep nobody out", async () => {
  await using server = serve({ uploads: { count: 16 } });
  const slow: Deno.Conn[] = [];
  for (let i = 0; i < 200; i++) {
    const length = "Content-Length: 100000";
    slow.push(
      await send(server, `${head(i % 2 ? "/api/attack" : "/v2/models/x/infer", length)}ab`),
    );
  }
  for (let i = 0; i < 5; i++) {
    const models = await fetch(`${server.url}/api/models`);
    assert.equal(models.status, 200);
    await models.body?.cancel();
    const answer = await classify(server);
    assert.equal(answer.status, 200);
    assert.equal((await answer.json()).predictions[0].label, 7);
  }
  const first = await answerOn(slow[1]!);
  assert.match(first, /^HTTP\/1\.1 503 /);
  assert.match(first, /retry-after: \d/i);
  assert.match(first, /application\/problem\+json/);
  assert.match(await answerOn(slow[0]!), /^HTTP\/1\.1 503 [^]*\{"error":"Cannot take the body: /);
  slow.forEach((connection) => connection.close());
  assert.deepEqual(server.logged, []);
});

Deno.test("a body that does not come is not waited for longer than the limit", async () => {
  await using server = serve({ uploads: { timeLimit: 200 } });
  for (const path of ["/api/attack", "/v2/models/digits/infer"]) {
    using connection = await send(server, `${head(path, "Content-Length: 100")}abc`);
    assert.match(await answerOn(connection), /^HTTP\/1\.1 408 [^]*within 0.2 seconds/);
  }
  assert.deepEqual(server.logged, []);
});

Deno.test("a body in many small pieces is put together right", async () => {
  await using server = serve();
  const png = digitPng(4);
  using connection = await send(server, head("/api/classify", `Content-Length: ${png.length}`));
  for (const byte of png) await connection.write(Uint8Array.of(byte));
  assert.match(await answerOn(connection), /^HTTP\/1\.1 200 [^]*"label":4/);
  const padded = new Uint8Array(1024 * 1024 - 1);
  padded.set(png);
  let start = 0;
  const pieces = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (start >= padded.length) return controller.close();
      controller.enqueue(padded.subarray(start, start += 777));
    },
  });
  const answer = await fetch(`${server.url}/api/classify`, { method: "POST", body: pieces });
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).predictions[0].label, 4);
});

Deno.test("a body that is too long is refused before it is sent, and at the first byte too many", async () => {
  await using server = serve();
  for (
    const [path, most] of [["/api/attack", 1024 ** 2], [
      "/v2/models/digits/infer",
      4 * 1024 ** 2,
    ]] as const
  ) {
    using announced = await send(server, head(path, `Content-Length: ${most + 1}`));
    assert.match(await answerOn(announced), /^HTTP\/1\.1 413 /);
    using chunked = await send(server, head(path, "Transfer-Encoding: chunked"));
    await chunked.write(new TextEncoder().encode(`${(most + 1).toString(16)}\r\n`));
    const answer = answerOn(chunked);
    const piece = new Uint8Array(65_536);
    for (let sent = 0; sent <= most; sent += piece.length) {
      // All of it need not be taken.
      if (await chunked.write(piece).catch(() => 0) === 0) break;
    }
    assert.match(await answer, /^HTTP\/1\.1 413 /);
  }
});

Deno.test("a body that is wrongly framed is the client's fault, and logged nowhere", async () => {
  await using server = serve({ uploads: { timeLimit: 500 } });
  for (const path of ["/api/attack", "/v2/models/digits/infer"]) {
    const header = "Transfer-Encoding: chunked";
    const extension = `${head(path, header)}1;${"a".repeat(20_000)}\r\nx\r\n0\r\n\r\n`;
    using connection = await send(server, extension);
    // Deno 2.9 does not tell what waits for more that none will come.
    assert.match(await answerOn(connection), /^HTTP\/1\.1 40[08] /);
  }
  assert.equal((await (await classify(server)).json()).predictions[0].label, 7);
  assert.deepEqual(server.logged, []);
});

Deno.test("what one request holds is free for the next, however it ends", async () => {
  const app = createApp({ pool: createFakePool(), uploads: { bytes: 2 * 1024 ** 2, count: 2 } });
  for (let i = 0; i < 20; i++) {
    const body = new Uint8Array(1024 ** 2 - i % 2);
    if (i % 2) body.set(digitPng(7));
    const { status } = await app.request("/api/classify", { method: "POST", body });
    assert.equal(status, i % 2 ? 200 : 415);
  }
});

Deno.test("a form with thousands of parts is refused before it is taken apart", async () => {
  const app = createApp({ pool: createFakePool() });
  const part = '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n\r\n';
  const headers = { "Content-Type": 'multipart/form-data; charset="boundary=y"; boundary=x' };
  for (const [parts, status] of [[15_000, 400], [33, 400], [31, 200]] as const) {
    const image = '--x\r\nContent-Disposition: form-data; name="image"; filename="b"\r\n\r\n';
    const body = new Blob([part.repeat(parts), image, digitPng(7), "\r\n--x--\r\n"]);
    const response = await app.request("/api/classify", { method: "POST", body, headers });
    assert.equal(response.status, status, `${parts} parts`);
    if (status === 400) assert.match((await response.json()).detail, /at most 32 parts/);
  }
});

Deno.test("large images have places of their own, and are looked at before they take one", async () => {
  const release = Promise.withResolvers<void>();
  let waiting = 0;
  const allWait = Promise.withResolvers<void>();
  const app = createApp({
    pool: createFakePool(),
    places: { small: 2, large: 1 },
    images: {
      async read(_, { inputs }) {
        if (++waiting === 2) allWait.resolve();
        await release.promise;
        return inputs.map(({ shape }) => ({ data: new Float32Array(28 * 28), shape }));
      },
    },
  });
  const post = (body: Uint8Array<ArrayBuffer>) =>
    app.request("/api/classify?model=digits", { method: "POST", body });
  const giant = giantPng();
  const held = [post(giant), post(digitPng(7))];
  await allWait.promise;
  const refused = await post(giant);
  assert.equal(refused.status, 503);
  assert.match((await refused.json()).detail, /as many large ones/);
  assert.equal((await post(new Uint8Array(9))).status, 415);
  const another = post(digitPng(7));
  release.resolve();
  for (const response of [...held, another]) assert.equal((await response).status, 200);
});

Deno.test("work for a client that has gone is told so, and is no failure", async () => {
  const left = Promise.withResolvers<AbortSignal>();
  await using server = serve({
    images: {
      read(_, { signal }) {
        left.resolve(signal!);
        return new Promise((_, reject) =>
          signal!.addEventListener("abort", () => reject(signal!.reason))
        );
      },
    },
  });
  const gone = new AbortController();
  const { signal } = gone;
  const request = fetch(`${server.url}/api/classify`, {
    method: "POST",
    body: digitPng(7),
    signal,
  });
  const outcome = assert.rejects(request);
  const seen = await left.promise;
  gone.abort();
  await outcome;
  if (!seen.aborted) await new Promise((resolve) => seen.addEventListener("abort", resolve));
  assert.equal((await fetch(`${server.url}/v2/health/live`).then((r) => r.json())).live, true);
  assert.deepEqual(server.logged, []);
});
