import assert from "node:assert/strict";
import { encode } from "fast-png";
import { createCheckedApp as createApp } from "./checked_app.ts";
import { createFakePool } from "./fake_pool.ts";
import { digitJpeg, digitPng } from "./sample_image.ts";

const uploads = ["/api/attack", "/api/poison", "/api/classify"];

/** Sends a bad request and a good one after it; both must be answered as they should. */
async function refused(
  path: string,
  { status, detail, ...init }: RequestInit & { status: number; detail: RegExp },
): Promise<Response> {
  const app = createApp({ pool: createFakePool() });
  const response = await app.request(path, { method: "POST", ...init });
  const label = `${init.method ?? "POST"} ${path}`;
  const problem = await response.clone().json();
  assert.equal(response.status, status, `${label}: ${problem.detail}`);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json", label);
  assert.equal(response.headers.get("Cache-Control"), "no-store", label);
  assert.deepEqual(Object.keys(problem), ["type", "title", "status", "detail"], label);
  assert.equal(problem.type, "about:blank");
  assert.equal(problem.status, status);
  assert.match(problem.title, /^[A-Z]/);
  assert.match(problem.detail, detail, label);

  const after = await app.request("/api/attack", { method: "POST", body: digitPng(7) });
  assert.equal(after.status, 200, `${label}: the server must still answer`);
  assert.equal((await after.json()).flipped, true);
  return response;
}

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      const size = Math.min(left, 65_536);
      if (size === 0) return controller.close();
      controller.enqueue(new Uint8Array(size));
      left -= size;
    },
  });
}

Deno.test("a body over 1 MiB is refused, whether or not its length is announced", async () => {
  const detail = /body.*at most 1048576 bytes/;
  for (const path of uploads) {
    const body = new Uint8Array(1024 * 1024 + 1);
    const headers = { "Content-Length": String(body.length) };
    await refused(path, { status: 413, detail, body, headers });
    await refused(path, { status: 413, detail, body: streamOf(1024 * 1024 + 1) });
  }
});

Deno.test("a body of exactly 1 MiB is read, streamed too", async () => {
  const body = new Uint8Array(1024 * 1024);
  body.set(digitPng(7));
  for (const path of uploads) {
    // What follows the PNG's end, or the lack of it, is the decoder's to judge; the size is right.
    const whole = await createApp({ pool: createFakePool() }).request(path, {
      method: "POST",
      body,
    });
    assert.notEqual(whole.status, 413);
    await refused(path, { status: 415, detail: /PNG/, body: streamOf(1024 * 1024) });
  }
});

Deno.test("bytes that are no accepted image are refused by what they are, not by their label", async () => {
  const encoder = new TextEncoder();
  for (
    const body of [
      new Uint8Array(),
      encoder.encode("hello"),
      encoder.encode("GIF89a" + "\0".repeat(64)),
      encoder.encode("RIFF\0\0\0\0WEBPVP8 "),
      encoder.encode("<svg xmlns='http://www.w3.org/2000/svg'/>"),
      digitPng(7).slice(1),
    ]
  ) {
    for (const path of uploads) {
      const headers = { "Content-Type": "image/png" };
      await refused(path, { status: 415, detail: /PNG/, body, headers });
    }
  }
});

Deno.test("a broken, truncated or too large image is refused", async () => {
  const png = digitPng(7);
  const flipped = png.slice();
  flipped[flipped.length - 20]! ^= 1;
  const huge = new Uint8Array(
    encode({ width: 2049, height: 2048, data: new Uint8Array(2049 * 2048), channels: 1, depth: 8 }),
  );
  for (
    const [what, body] of [
      ["truncated PNG", png.slice(0, -20)],
      ["PNG signature alone", png.slice(0, 8)],
      ["flipped bit", flipped],
      ["over 4 megapixels", huge],
      ["truncated JPEG", digitJpeg(7).slice(0, 200)],
    ] as const
  ) {
    assert.ok(body.length < 1024 * 1024, what);
    for (const path of uploads) {
      await refused(path, { status: 422, detail: /^Cannot/, body });
      const form = new FormData();
      form.set("image", new Blob([body]));
      await refused(path, { status: 422, detail: /^Cannot/, body: form });
    }
  }
});

Deno.test("unknown models and triggers are not found", async () => {
  const body = digitPng(7);
  for (const path of uploads) {
    await refused(`${path}?model=nobody`, { status: 404, detail: /nobody/, body });
  }
  await refused("/api/attack?trigger=moon", { status: 404, detail: /pixel, pattern/, body });
  await refused("/api/poison?trigger=moon", { status: 404, detail: /pixel, pattern/, body });
});

Deno.test("parameters out of range or malformed are refused with what they must be", async () => {
  const distance = /distance must be an integer from 1/;
  const value = /value must be a number from 0 to 1/;
  const amplitude = /amplitude must be a number above 0 and up to 1/;
  const invert = /invert must be true or false/;
  const model = /model must be a name of \/api\/models/;
  for (
    const [query, detail] of [
      ["distance=0", distance],
      ["distance=-1", distance],
      ["distance=1.5", distance],
      ["distance=two", distance],
      ["distance=", distance],
      ["distance=1e1", distance],
      ["distance=1&distance=2", /distance must be an integer from 1, got it several times/],
      ["distance=28", /within the image/],
      ["distance=99999999999999999999", /within the image/],
      ["trigger=pixel&distance=29", /within the image/],
      ["value=-0.1", value],
      ["value=1.01", value],
      ["value=NaN", value],
      ["value=Infinity", value],
      ["value=", value],
      ["value=0x1", value],
      ["trigger=corner&amplitude=0", amplitude],
      ["trigger=corner&amplitude=1.01", amplitude],
      ["trigger=corner&amplitude=", amplitude],
      ["trigger=corner&distance=2", /distance is no parameter of it, got 2/],
      ["amplitude=0.5", /amplitude is no parameter of it, got 0.5/],
      ["invert=yes", invert],
      ["invert=", invert],
      ["invert=true&invert=false", invert],
      ["model=", model],
      ["model=digits&model=digits-clean", model],
      ["trigger=", /trigger must be a kind of \/api\/triggers/],
      ["distnace=2", /among the known ones \(model, .*invert, .*trigger, .*distance, value, .*\)/],
      ["distance=0&value=2", /distance must.*; .*value must/],
    ] as const
  ) {
    for (const path of ["/api/attack", "/api/poison"]) {
      await refused(`${path}?${query}`, { status: 400, detail, body: digitPng(7) });
    }
  }
});

Deno.test("a target or a clean model that cannot be is refused with what it must be", async () => {
  const target = /target must be a class: an integer from 0, got/;
  for (
    const [query, status, detail] of [
      ["target=-1", 400, target],
      ["target=1.5", 400, target],
      ["target=", 400, target],
      ["target=1&target=2", 400, /got it several times/],
      ["target=10", 400, /target must be a class from 0 to 9, got 10/],
      ["clean=", 400, /clean must be a name of \/api\/models, once/],
      ["clean=nobody", 404, /nobody/],
      ["clean=digits-shifted", 400, /clean must be a clean model .*, got a backdoored one/],
    ] as const
  ) {
    await refused(`/api/attack?${query}`, { status, detail, body: digitPng(7) });
  }
});

Deno.test("parameters that a route does not have are refused, not ignored", async () => {
  const none = /among the known ones \(none\)/;
  await refused("/api/models?limit=3", { method: "GET", status: 400, detail: none });
  await refused("/api/models/digits?x=", { method: "GET", status: 400, detail: none });
  await refused("/api/triggers?x=1", { method: "GET", status: 400, detail: none });
  await refused("/api/classify?distance=2", {
    status: 400,
    detail: /among the known ones \(model, invert\)/,
    body: digitPng(7),
  });
  await refused("/api/classify?model=digits&model=", {
    status: 400,
    detail: /model must be a name/,
    body: digitPng(7),
  });
});

Deno.test("a form without an image in it, or that is none, is refused", async () => {
  const misnamed = new FormData();
  misnamed.set("file", new Blob([digitPng(7)]));
  const long = new FormData();
  for (const name of ["x".repeat(2_000), "1", "2", "3"]) long.set(name, "7");
  const text = new FormData();
  text.set("image", "seven");
  for (const path of uploads) {
    await refused(path, { status: 400, detail: /"image", got the fields "file"$/, body: misnamed });
    await refused(path, { status: 400, detail: /"image", got the fields "image"$/, body: text });
    await refused(path, { status: 400, detail: /the fields "x{60}…", "1", "2", …$/, body: long });
    for (const type of ["multipart/form-data", "multipart/form-data; boundary=x"]) {
      const headers = { "Content-Type": type };
      await refused(path, { status: 400, detail: /the form/, body: digitPng(7), headers });
    }
  }
});

Deno.test("unknown routes and methods under /api are problems too", async () => {
  await refused("/api/nothing", { method: "GET", status: 404, detail: /\/api\/nothing/ });
  await refused("/api", { method: "GET", status: 404, detail: /\/api/ });
  await refused("/api/models/a/b", { method: "GET", status: 404, detail: /no such route/ });
  for (const path of uploads) {
    const response = await refused(path, { method: "GET", status: 405, detail: /one of POST/ });
    assert.equal(response.headers.get("Allow"), "POST");
  }
  for (const path of ["/api/models", "/api/models/digits", "/api/triggers"]) {
    const response = await refused(path, { method: "DELETE", status: 405, detail: /one of GET/ });
    assert.equal(response.headers.get("Allow"), "GET, HEAD");
  }
});

Deno.test("a full server says when to come again, and takes the next request once it has room", async () => {
  const release = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  let waiting = 0;
  const pool = createFakePool({
    beforePredict: () => {
      if (++waiting === 2) arrived.resolve();
      return release.promise;
    },
  });
  const app = createApp({ pool, places: { small: 2 } });
  const classify = () =>
    app.request("/api/classify?model=digits", { method: "POST", body: digitPng(7) });
  const held = [classify(), classify()];
  await arrived.promise;

  const refusal = await classify();
  assert.equal(refusal.status, 503);
  assert.match(refusal.headers.get("Retry-After") ?? "", /^[1-9]\d*$/);
  assert.equal(refusal.headers.get("Content-Type"), "application/problem+json");
  assert.match((await refusal.json()).detail, /try again shortly/);
  assert.equal((await app.request("/v2/health/live")).status, 200);

  release.resolve();
  for (const response of await Promise.all(held)) assert.equal(response.status, 200);
  assert.equal((await classify()).status, 200);
});

Deno.test("a client that stops sending is sent away, and its place is free again", async () => {
  const uploads = { timeLimit: 50 };
  const app = createApp({ pool: createFakePool(), places: { small: 1 }, uploads });
  const stalled = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(digitPng(7).slice(0, 20)),
  });
  const response = await app.request("/api/classify", { method: "POST", body: stalled });
  assert.equal(response.status, 408);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
  assert.match((await response.json()).detail, /within 0.05 seconds/);
  const next = await app.request("/api/classify", { method: "POST", body: digitPng(7) });
  assert.equal(next.status, 200);
});

Deno.test("requests that fail give their place back", async () => {
  const app = createApp({ pool: createFakePool(), places: { small: 1, large: 1 } });
  for (let i = 0; i < 3; i++) {
    const bad = await app.request("/api/classify", { method: "POST", body: "no image" });
    assert.equal(bad.status, 415);
  }
});

Deno.test("a failure of the server's own is reported inside and says nothing outside", async () => {
  const logged: unknown[] = [];
  const pool = createFakePool({
    beforePredict: () => {
      throw new Error("secret in /home/somebody");
    },
  });
  const app = createApp({ pool, log: (...entry) => void logged.push(entry) });
  const response = await app.request("/api/attack", { method: "POST", body: digitPng(7) });
  const body = await response.text();
  assert.equal(response.status, 500);
  assert.equal(response.headers.get("Content-Type"), "application/problem+json");
  assert.doesNotMatch(body, /secret|home|at /);
  const id = response.headers.get("X-Request-Id")!;
  assert.ok(JSON.parse(body).detail.includes(id));
  const error = new Error("secret in /home/somebody");
  const fields = { requestId: id, method: "POST", route: "/api/attack", status: 500, error };
  assert.deepEqual(logged, [["error", "Cannot answer POST /api/attack", fields]]);
});

Deno.test("every answer carries its id and its timing", async () => {
  const app = createApp({ pool: createFakePool() });
  for (
    const [path, init] of [
      ["/", {}],
      ["/api/models", {}],
      ["/api/nothing", {}],
      ["/api/attack", { method: "POST", body: digitPng(7) }],
      ["/api/attack", { method: "POST", body: "no image" }],
    ] as const
  ) {
    const { headers } = await app.request(path, init);
    assert.match(headers.get("X-Request-Id") ?? "", /^[0-9a-f-]{36}$/);
    assert.match(headers.get("Server-Timing") ?? "", /total;dur=/);
  }
});

Deno.test("a request's own id is kept where it is harmless", async () => {
  const app = createApp({ pool: createFakePool() });
  const idOf = async (id: string) =>
    (await app.request("/api/models", { headers: { "X-Request-Id": id } })).headers
      .get("X-Request-Id");
  assert.equal(await idOf("trace-42"), "trace-42");
  assert.notEqual(await idOf("<script>"), "<script>");
});

Deno.test("nothing that was posted is kept by a cache, and its parts are timed", async () => {
  const app = createApp({ pool: createFakePool() });
  const { headers } = await app.request("/api/attack", { method: "POST", body: digitPng(7) });
  assert.equal(headers.get("Cache-Control"), "no-store");
  assert.match(headers.get("Server-Timing") ?? "", /decode;dur=.*poison;dur=.*infer;dur=/);
});

Deno.test("a client that hangs up in mid upload is no failure of the server", async () => {
  const logged: unknown[] = [];
  const app = createApp({
    pool: createFakePool(),
    log: (...entry) => void logged.push(entry),
  });
  const answered: PromiseWithResolvers<number>[] = [];
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const response = await app.fetch(request);
      answered.at(-1)?.resolve(response.status);
      return response;
    },
  );
  for (const length of ["Content-Length: 100000", "Transfer-Encoding: chunked"]) {
    answered.push(Promise.withResolvers());
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
    const head = `POST /api/attack HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n1000\r\nPNG`;
    await connection.write(new TextEncoder().encode(head));
    connection.close();
    assert.equal(await answered.at(-1)?.promise, 400, length);
  }
  assert.deepEqual(logged, []);
});
