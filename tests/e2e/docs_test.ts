/** The page of the HTTP API as the server gives it to a browser. */

import assert from "node:assert/strict";
import { createApp } from "../../routes/app.ts";
import { createFakePool } from "../routes/fake_pool.ts";
import { axeViolations } from "./axe.ts";
import { startBrowser } from "./browser.ts";
import { listenForFindings } from "./demo_page.ts";

Deno.test("a browser shows the HTTP API as the policy permits, on every screen and in both schemes", async () => {
  const app = createApp({ pool: createFakePool() });
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.fetch);
  await using browser = await startBrowser();
  const url = `http://127.0.0.1:${server.addr.port}/`;
  for (const [width, colorScheme] of [[360, "light"], [1280, "dark"]] as const) {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const findings = listenForFindings(page, url);
    await page.goto(`${url}docs`);
    await page.getByRole("heading", { name: "POST /api/attack" }).waitFor();
    assert.deepEqual(await axeViolations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    await page.getByRole("link", { name: "POST /v2/models/{name}/infer" }).click();
    assert.equal(new URL(page.url()).hash, "#postV2ModelsByNameInfer");
    assert.deepEqual(findings, []);
    await page.close();
  }
});
