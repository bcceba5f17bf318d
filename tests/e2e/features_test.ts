import assert from "node:assert/strict";
import { FORBIDDEN_FEATURES } from "../../routes/security_headers.ts";
import { startBrowser } from "./browser.ts";
import { startServer } from "./server.ts";

Deno.test("a browser gives the page none of the powers that it forbids itself", async () => {
  await using server = await startServer();
  await using browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(server.url);
  const ask = (method: string): Promise<string[]> =>
    page.evaluate(`document.featurePolicy.${method}()`);
  const known = await ask("features");
  const forbidden = FORBIDDEN_FEATURES.filter((feature) => known.includes(feature));
  assert.ok(forbidden.length > 30, `only ${forbidden.join(", ")} are known to it`);
  const allowed = await ask("allowedFeatures");
  assert.deepEqual(allowed.filter((feature) => FORBIDDEN_FEATURES.includes(feature)), []);
});
