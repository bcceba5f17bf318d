import assert from "node:assert/strict";
import { triggerDefinitions } from "../../../lib/trigger/mod.ts";
import { createApp } from "../../../routes/app.ts";
import { assetUrl } from "../../../routes/pages/asset_url.ts";
import { createFakePool } from "../fake_pool.ts";

const app = createApp({ pool: createFakePool() });

Deno.test("the page is a whole HTML document that names its server in the command line", async () => {
  const response = await app.request("https://demo.example/");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("Content-Type") ?? "", /^text\/html/);
  const page = await response.text();
  assert.match(page, /^<!DOCTYPE html><html lang="en">/);
  assert.match(page, /https:\/\/demo\.example\/api\/attack/);
});

Deno.test("the page has no inline script or style and asks no other server", async () => {
  const page = await (await app.request("/")).text();
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/i);
  for (const [, address = ""] of page.matchAll(/\s(?:src|href)="([^"]*)"/g)) {
    assert.match(address, /^\/(?!\/)/);
  }
});

Deno.test("every trigger can be chosen by its title, with its summary and a picture of its own", async () => {
  const page = await (await app.request("/")).text();
  const pictures = triggerDefinitions.map(({ kind, title, summary, create }) => {
    const [choice = ""] = new RegExp(`name="trigger" value="${kind}".*?</label>`).exec(page) ?? [];
    assert.ok(choice.includes(`>${title}<`) && choice.includes(`>${summary}<`), kind);
    const count = (name: string) =>
      new RegExp(`class="${name}" d="([^"]*)"`).exec(choice)?.[1]?.match(/M\d+ \d+h1v1h-1z/g)
        ?.length ?? 0;
    const grey = { data: new Float32Array(28 * 28).fill(0.5), shape: [28, 28, 1] } as const;
    const { data } = create().apply(grey);
    assert.equal(count("bright"), data.filter((value) => value > 0.5).length, kind);
    assert.equal(count("dark"), data.filter((value) => value < 0.5).length, kind);
    return /<svg.*<\/svg>/.exec(choice)?.[0];
  });
  assert.equal(new Set(pictures).size, pictures.length);
});

Deno.test("every file that the page names is served with its type", async () => {
  const types = { js: "text/javascript", css: "text/css", svg: "image/svg+xml", png: "image/png" };
  const page = await (await app.request("/")).text();
  const files = [
    ...page.matchAll(/"(\/(?:static|samples)\/[^"?]+\.(js|css|svg|png)(?:\?v=[0-9a-f]{12})?)"/g),
  ];
  assert.equal(new Set(files.map(([, path]) => path)).size, 6 + 10);
  for (const [, path = "", extension = ""] of files) {
    const response = await app.request(path);
    assert.equal(response.status, 200, path);
    const type = response.headers.get("Content-Type") ?? "";
    assert.ok(type.startsWith(types[extension as keyof typeof types]), `${path}: ${type}`);
    assert.ok((await response.bytes()).length > 0, path);
  }
});

Deno.test("a name that is no file's is not found, whatever stands in it", async () => {
  const names = [
    ...["nothing.js", "demo.js%00.png", "%00", "a%00b.js", "..%2Fapp.ts", "base.css/"],
    `${"a".repeat(3000)}.js`,
  ];
  for (const name of names) {
    const response = await app.request(`/static/${name}`);
    assert.equal(response.status, 404, name);
    await response.body?.cancel();
  }
});

Deno.test("page and files are asked for again by their ETag and sent once", async () => {
  for (const path of ["/", "/static/demo.js", "/samples/7.png"]) {
    const first = await app.request(path);
    const etag = first.headers.get("ETag");
    assert.ok(etag, path);
    const second = await app.request(path, { headers: { "If-None-Match": etag } });
    assert.equal(second.status, 304, path);
    assert.equal(await second.text(), "", path);
  }
});

Deno.test("the page's own files are kept for good, by addresses that change with their content", async () => {
  const page = await (await app.request("/")).text();
  const addresses = [...page.matchAll(/"(\/static\/[^"]+)"/g)].map(([, address]) => address!);
  assert.equal(addresses.length, 6);
  for (const address of addresses) {
    const { headers } = await app.request(address);
    assert.equal(headers.get("Cache-Control"), "public, max-age=31536000, immutable", address);
    for (
      const other of [address.replace(/.$/, "_"), address.replace(/\?.*/, ""), `${address}&v=1`]
    ) {
      const short = await app.request(other);
      const isSame = other.endsWith("&v=1");
      assert.equal(/immutable/.test(short.headers.get("Cache-Control") ?? ""), isSame, other);
    }
  }
});

Deno.test("a file that is changed has another address at once", async () => {
  const file = new URL("../../../routes/static/zz-test.css", import.meta.url);
  await Deno.writeTextFile(file, "a {}");
  try {
    const first = assetUrl("zz-test.css");
    await Deno.writeTextFile(file, "bb {}");
    assert.notEqual(assetUrl("zz-test.css"), first);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("no other file of the repository is served", async () => {
  const paths = [
    "/static/none.js",
    "/static/../pages/pages.tsx",
    "/static/%2e%2e/pages/pages.tsx",
    "/static/..%2fpages%2fpages.tsx",
    "/static/../../deno.json",
    "/samples/README.md",
    "/samples/10.png",
    "/samples/../models/README.md",
  ];
  for (const path of paths) {
    assert.equal((await app.request(`http://localhost${path}`)).status, 404, path);
  }
});

Deno.test("the client code stays under 30 kB as it is transferred", async () => {
  const { body } = await app.request("/static/demo.js");
  const packed = await new Response(body?.pipeThrough(new CompressionStream("gzip"))).bytes();
  assert.ok(packed.length > 1_000 && packed.length < 30_000, `${packed.length} bytes`);
});

Deno.test("the icon that browsers ask for unasked is there", async () => {
  const response = await app.request("/favicon.ico");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("Content-Type") ?? "", /^image\/svg\+xml/);
  assert.match(await response.text(), /^<svg/);
});

Deno.test("an unknown page is HTML to a browser and a problem to a program", async () => {
  const accept = (value: string, path = "/nowhere") =>
    app.request(path, { headers: { "Accept": value } });
  const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  const page = await accept(browser);
  assert.equal(page.status, 404);
  assert.match(page.headers.get("Content-Type") ?? "", /^text\/html/);
  assert.match(await page.text(), /^<!DOCTYPE html>.*There is no such page.*<a href="\/">/s);
  for (
    const response of [
      await app.request("/nowhere"),
      await accept("*/*"),
      await accept("application/json"),
      await accept(browser, "/api/nowhere"),
    ]
  ) {
    assert.equal(response.status, 404);
    assert.match(response.headers.get("Content-Type") ?? "", /^application\/problem\+json/);
  }
  const v2 = await accept(browser, "/v2/nowhere");
  assert.deepEqual(Object.keys(await v2.json()), ["error"]);
});

Deno.test("a path in the page of a path that is not there is text", async () => {
  const response = await app.request("/%3Cscript%3Ealert(1)%3C/script%3E", {
    headers: { "Accept": "text/html" },
  });
  assert.doesNotMatch(await response.text(), /<script>alert/);
});
