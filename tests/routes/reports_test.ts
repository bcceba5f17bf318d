import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { experimentNames, makeReport, renderPage } from "../../lib/report/mod.ts";
import { createApp } from "../../routes/app.ts";
import { fakeBadnets } from "../lib/report/fake_results.ts";
import { withFolder } from "../scripts/run_command.ts";
import { createFakePool } from "./fake_pool.ts";

/** The application, with reports in a folder. */
function appOn(folder: string) {
  return createApp({ pool: createFakePool(), reportsFolder: pathToFileURL(`${folder}/`) });
}

Deno.test("reports that were built are listed and served as they are", () =>
  withFolder(async (folder) => {
    const page = renderPage(makeReport(fakeBadnets()), { beside: experimentNames });
    await Deno.writeTextFile(`${folder}/badnets.html`, page);
    await Deno.writeTextFile(`${folder}/badnets.json`, "{}");
    const app = appOn(folder);
    const list = await (await app.request("/reports/")).text();
    assert.match(list, /<li><a href="\/reports\/badnets\.html">badnets<\/a><\/li>/);
    assert.equal(list.match(/<li>/g)?.length, 1);
    assert.doesNotMatch(list, /reproduce/);
    const response = await app.request("/reports/badnets.html");
    assert.equal(response.status, 200);
    assert.match(response.headers.get("Content-Type") ?? "", /^text\/html/);
    assert.equal(await response.text(), page);
    const redirect = await app.request("/reports");
    assert.deepEqual([redirect.status, redirect.headers.get("Location")], [301, "/reports/"]);
  }));

Deno.test("a report may have styles of its own and no script; the list keeps the page's policy", () =>
  withFolder(async (folder) => {
    const sheet = "a { color: red }";
    const html = `<!DOCTYPE html><style>${sheet}</style><style>${sheet}</style>`;
    await Deno.writeTextFile(`${folder}/article.html`, html);
    await Deno.writeTextFile(`${folder}/badnets.html`, "<!DOCTYPE html>");
    const app = appOn(folder);
    const policyOf = async (path: string) =>
      (await app.request(path)).headers.get("Content-Security-Policy") ?? "";
    const policy = await policyOf("/reports/article.html");
    const digest = createHash("sha256").update(sheet).digest("base64");
    assert.ok(
      policy.startsWith(`default-src 'none'; style-src 'sha256-${digest}'; img-src data:;`),
    );
    assert.match(await policyOf("/reports/badnets.html"), /style-src 'none';/);
    assert.match(policy, /frame-ancestors 'none'$/);
    assert.doesNotMatch(policy, /script-src/);
    const first = await app.request("/reports/article.html");
    const again = await app.request("/reports/article.html", {
      headers: { "If-None-Match": first.headers.get("ETag") ?? "" },
    });
    assert.deepEqual([again.status, again.headers.get("Content-Security-Policy")], [304, policy]);
    for (const path of ["/reports/", "/reports/gone.html"]) {
      assert.equal(await policyOf(path), await policyOf("/"), path);
    }
  }));

Deno.test("without reports it says how they are built", () =>
  withFolder(async (folder) => {
    for (const empty of [folder, `${folder}/none`]) {
      const app = appOn(empty);
      const list = await app.request("/reports/");
      assert.equal(list.status, 200);
      assert.match(await list.text(), /<code>deno task reproduce all --report-only<\/code>/);
      const missing = await app.request("/reports/badnets.html");
      assert.equal(missing.status, 404);
      assert.match((await missing.json()).detail, /run deno task reproduce all --report-only$/);
    }
  }));

Deno.test("nothing but a report leaves the folder", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/badnets.json`, "{}");
    await Deno.mkdir(`${folder}/sub`);
    await Deno.writeTextFile(`${folder}/sub/page.html`, "");
    const app = appOn(`${folder}/sub`);
    const paths = [
      "badnets.json",
      "../badnets.json",
      "%2e%2e/badnets.json",
      "..%2Fpage.html",
      "x.html/",
    ];
    for (const path of paths) {
      assert.equal((await app.request(`/reports/${path}`)).status, 404, path);
    }
  }));
