/** The headers of every kind of answer, as one table. */

import assert from "node:assert/strict";
import { createApp } from "../../routes/app.ts";
import { createMetrics } from "../../routes/metrics.ts";
import { FORBIDDEN_FEATURES } from "../../routes/security_headers.ts";
import { createFakePool } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

const post = { method: "POST", body: digitPng(7) };
const page = { headers: { Accept: "text/html" } };
const short = "public, max-age=300";
const edge = "public, s-maxage=86400";

/** An answer: its status, how long it may be kept, and on Deno Deploy's edge if that differs. */
type Row = [path: string, init: RequestInit, status: number, kept: string, edge?: string];

const answers: readonly Row[] = [
  ["/", page, 200, "no-cache"],
  ["/", { method: "HEAD" }, 200, "no-cache"],
  ["/nowhere", page, 404, "no-store"],
  ["/static/base.css", {}, 200, short, edge],
  ["/static/base.css?v=0123456789ab", {}, 200, short, edge],
  ["/static/nothing.css", {}, 404, "no-store"],
  ["/samples/7.png", {}, 200, short, edge],
  ["/favicon.ico", {}, 200, short, edge],
  ["/reports", {}, 301, "no-store"],
  ["/reports/", {}, 200, "no-cache"],
  ["/openapi.json", {}, 200, "no-cache"],
  ["/docs", page, 200, "no-cache"],
  ["/api/models", {}, 200, "no-cache"],
  ["/api/models", { method: "HEAD" }, 200, "no-cache"],
  ["/api/models/digits", {}, 200, "no-cache"],
  ["/api/models/nobody", {}, 404, "no-store"],
  ["/api/triggers", {}, 200, "no-cache"],
  ["/api/attack", post, 200, "no-store"],
  ["/api/poison", post, 200, "no-store"],
  ["/api/classify?model=digits", post, 200, "no-store"],
  ["/api/attack", { method: "POST", body: "no image" }, 415, "no-store"],
  ["/api/attack", {}, 405, "no-store"],
  ["/v2", {}, 200, "no-cache"],
  ["/v2/models/digits", {}, 200, "no-cache"],
  ["/v2/models/digits/infer", { method: "POST", body: "{}" }, 400, "no-store"],
  ["/v2/health/live", {}, 200, "no-store"],
  ["/metrics", {}, 200, "no-store"],
];

const app = createApp({ pool: createFakePool(), metrics: createMetrics() });

Deno.test("every answer says how long it may be kept, and only what is kept has an ETag", async () => {
  for (const [path, init, status, kept, edge] of answers) {
    const label = `${init.method ?? "GET"} ${path}`;
    const { headers, status: got } = await app.request(path, init);
    assert.equal(got, status, label);
    assert.equal(headers.get("Cache-Control"), kept, label);
    assert.equal(headers.get("Deno-CDN-Cache-Control"), edge ?? null, label);
    if (init.method === "POST") assert.equal(headers.get("ETag"), null, label);
    else if (kept !== "no-store") assert.match(headers.get("ETag") ?? "", /^"\w+"$/, label);
  }
});

Deno.test("every answer, of whatever status, tells browsers what not to do", async () => {
  for (const [path, init] of answers) {
    const { headers } = await app.request(path, init);
    const label = `${init.method ?? "GET"} ${path}`;
    assert.doesNotMatch(headers.get("Content-Security-Policy") ?? "unsafe", /unsafe|\*/, label);
    assert.match(headers.get("Content-Security-Policy") ?? "", /^default-src 'none';/, label);
    assert.match(headers.get("Content-Security-Policy") ?? "", /frame-ancestors 'none'/, label);
    for (
      const [name, value] of [
        ["X-Content-Type-Options", "nosniff"],
        ["Cross-Origin-Resource-Policy", "same-origin"],
        ["Strict-Transport-Security", "max-age=15552000"],
        ["X-Frame-Options", "DENY"],
        ["Access-Control-Allow-Origin", null],
      ] as const
    ) assert.equal(headers.get(name), value, `${label}: ${name}`);
  }
});

Deno.test("what may be a document says what documents may do, and the API has no such headers", async () => {
  for (const [path, init] of answers) {
    const { headers } = await app.request(path, init);
    const label = `${init.method ?? "GET"} ${path}`;
    const isApi = /^\/(api|v2)(\/|$)/.test(path);
    for (
      const [name, value] of [
        ["Referrer-Policy", "no-referrer"],
        ["Cross-Origin-Opener-Policy", "same-origin"],
        ["Permissions-Policy", FORBIDDEN_FEATURES.map((feature) => `${feature}=()`).join(", ")],
      ] as const
    ) assert.equal(headers.get(name), isApi ? null : value, `${label}: ${name}`);
    if (!isApi) continue;
    const policy = "default-src 'none'; frame-ancestors 'none'";
    assert.equal(headers.get("Content-Security-Policy"), policy, label);
    // No answer of the API is a document that a browser would run.
    assert.match(headers.get("Content-Type") ?? "", /^(application\/(problem\+)?json|image\/png)/);
  }
});

Deno.test("pages run their own script and style files, and send to this server only", async () => {
  const { headers } = await app.request("/", page);
  assert.deepEqual(
    new Set(headers.get("Content-Security-Policy")?.split("; ")),
    new Set([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]),
  );
});

Deno.test("an answer to POST is not digested", async () => {
  const { digest } = crypto.subtle;
  let digests = 0;
  crypto.subtle.digest = (...args) => {
    digests++;
    return digest.apply(crypto.subtle, args);
  };
  try {
    await app.request("/api/attack", post);
    assert.equal(digests, 0);
    await app.request("/api/models");
    assert.equal(digests, 1);
  } finally {
    crypto.subtle.digest = digest;
  }
});

const origin = "https://lecture.example";
const from = (init: RequestInit, origin: string): RequestInit => ({
  ...init,
  headers: { Origin: origin },
});
const api = answers.filter(([path]) => /^\/(api|v2|openapi\.json)(\/|$)/.test(path));
const others = answers.filter((row) => !api.includes(row));

Deno.test("pages of the origins that CORS_ORIGINS names read the API, errors too, and nothing else", async () => {
  const app = createApp({ pool: createFakePool(), corsOrigins: ["https://a.example", origin] });
  const allowed = async (path: string, init: RequestInit) =>
    (await app.request(path, init)).headers.get("Access-Control-Allow-Origin");
  for (const [path, init] of api) {
    const { headers } = await app.request(path, from(init, origin));
    const label = `${init.method ?? "GET"} ${path}`;
    assert.equal(headers.get("Access-Control-Allow-Origin"), origin, label);
    assert.match(headers.get("Access-Control-Expose-Headers") ?? "", /\bRetry-After\b/, label);
    assert.match(headers.get("Vary") ?? "", /\bOrigin\b/, label);
    assert.equal(headers.get("Access-Control-Allow-Credentials"), null, label);
    assert.equal(await allowed(path, from(init, "https://evil.example")), null, label);
  }
  for (const [path, init] of others) {
    assert.equal(await allowed(path, from(init, origin)), null, path);
  }
});

Deno.test("with CORS_ORIGINS=* any page reads the API", async () => {
  const app = createApp({ pool: createFakePool(), corsOrigins: "*" });
  for (const [path, init] of api) {
    const { headers } = await app.request(path, from(init, origin));
    assert.equal(headers.get("Access-Control-Allow-Origin"), "*", path);
  }
});

Deno.test("a browser that asks before it sends is told what may be sent", async () => {
  const ask = (app: ReturnType<typeof createApp>, path: string) =>
    app.request(path, {
      method: "OPTIONS",
      headers: {
        ...{ Origin: origin, "Access-Control-Request-Method": "POST" },
        "Access-Control-Request-Headers": "inference-header-content-length",
      },
    });
  const open = createApp({ pool: createFakePool(), corsOrigins: [origin] });
  for (const path of ["/api/attack", "/v2/models/digits/infer"]) {
    const { status, headers } = await ask(open, path);
    assert.equal(status, 204, path);
    assert.equal(headers.get("Access-Control-Allow-Origin"), origin);
    assert.equal(headers.get("Access-Control-Allow-Methods"), "GET,HEAD,POST");
    assert.match(
      headers.get("Access-Control-Allow-Headers") ?? "",
      /\bInference-Header-Content-Length\b/,
    );
    assert.equal((await ask(app, path)).status, 405, `${path}, nobody else's`);
  }
});

Deno.test("what a browser holds already still has its origin and policy", async () => {
  const app = createApp({ pool: createFakePool(), corsOrigins: [origin] });
  const first = await app.request("/api/models", from({}, origin));
  const again = await app.request("/api/models", {
    headers: { Origin: origin, "If-None-Match": first.headers.get("ETag")! },
  });
  assert.equal(again.status, 304);
  for (
    const name of [
      "Access-Control-Allow-Origin",
      "Content-Security-Policy",
      "Cache-Control",
      "Vary",
    ]
  ) assert.equal(again.headers.get(name), first.headers.get(name), name);
});
