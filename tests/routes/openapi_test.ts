import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { createApp } from "../../routes/app.ts";
import { VERSION } from "../../lib/core/version.ts";
import { createAnswerCheck } from "./described_answers.ts";
import { createFakePool } from "./fake_pool.ts";

const app = createApp({ pool: createFakePool() });

const response = await app.request("/openapi.json");
const document = await response.json();

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

const operations = Object.values<Record<string, Operation>>(document.paths)
  .flatMap((path) => Object.values(path));

Deno.test("the document is OpenAPI 3.1", async () => {
  assert.equal(response.headers.get("Content-Type"), "application/json");
  assert.match(document.openapi, /^3\.1\./);
  assert.equal(document.info.version, VERSION);
  const validator = new Validator();
  const { valid, errors } = await validator.validate(document);
  assert.ok(valid, JSON.stringify(errors));
  // The validator lets schemas pass that are those of earlier drafts.
  assert.doesNotMatch(JSON.stringify(document), /"items":\[|"nullable"|"\$schema"/);
});

Deno.test("every route of /api and /v2 is in the document, with a summary and a name of its own", () => {
  const described = Object.entries<object>(document.paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
  const routes = app.routes
    .filter(({ path, method }) => /^\/(api|v2)(\/|$)/.test(path) && method !== "ALL")
    .map(({ path, method }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`)
    // The same as /v2.
    .filter((route) => route !== "get /v2/");
  assert.deepEqual(described.sort(), [...new Set(routes)].sort());
  assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, described.length);
  for (const { summary, tags } of operations) {
    assert.match(summary, /^[A-Z]/);
    assert.ok(
      tags.every((tag) => document.tags.some(({ name }: { name: string }) => name === tag)),
    );
  }
});

Deno.test("queries are described with their ranges", () => {
  const { parameters } = document.paths["/api/attack"].post;
  const find = (name: string) =>
    parameters.find((parameter: { name: string }) => parameter.name === name);
  const { schema, ...distance } = find("distance");
  assert.deepEqual([distance.in, schema.type, schema.minimum], ["query", "integer", 1]);
  assert.deepEqual([find("value").schema.type, find("value").schema.maximum], ["number", 1]);
  assert.deepEqual(find("invert").schema.enum, ["true", "false"]);
  for (const { in: where, description } of parameters) {
    if (where === "query") assert.ok(description.length > 0);
  }
});

Deno.test("the comparison of answers with the document notices what it should", async () => {
  const check = createAnswerCheck(document);
  const json = (body: unknown, status = 200, type = "application/json") =>
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": type } });
  const problem = { type: "about:blank", title: "Not Found", status: 404, detail: "Cannot" };
  const [live, models] = ["/v2/health/live", "/api/models/digits"];
  await check("GET", live, json({ live: true, ready: false }));
  await check("GET", models, json(problem, 404, "application/problem+json"));
  await check("GET", "/v2/nowhere", json({ error: "Cannot" }, 404));
  const wrong: readonly [string, string, Response][] = [
    ["another status", live, json({ live: true, ready: false }, 201)],
    ["another type", live, json({ live: true, ready: false }, 200, "text/plain")],
    ["a property that is not there", live, json({ live: true })],
    ["a property that is not described", live, json({ live: true, ready: false, more: 1 })],
    ["a property of another type", live, json({ live: "yes", ready: false })],
    ["a route that is not described", "/v2/nowhere", json({})],
    ["an error of the wrong surface", models, json({ error: "Cannot" }, 404)],
    ["an error that lacks a part", models, json({ title: "" }, 404, "application/problem+json")],
  ];
  for (const [what, path, answer] of wrong) {
    await assert.rejects(check("GET", path, answer), { name: "AssertionError" }, what);
  }
});

Deno.test("the page names every route and object of the document, and each of its links leads somewhere", async () => {
  const page = await (await app.request("/docs")).text();
  for (const [path, methods] of Object.entries<object>(document.paths)) {
    for (const method of Object.keys(methods)) {
      const heading =
        `<span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>`;
      assert.ok(page.includes(heading), heading);
    }
  }
  const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
  for (const name of Object.keys(document.components.schemas)) assert.ok(ids.has(`schema-${name}`));
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link]) => link!);
  assert.ok(links.length > 100);
  for (const link of new Set(links)) {
    if (link.startsWith("#")) assert.ok(ids.has(link.slice(1)), link);
    else assert.equal((await app.request(link)).status, 200, link);
  }
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|<script|\[object |undefined/i);
});
