import assert from "node:assert/strict";
import { makeReport, renderPage } from "../../lib/report/mod.ts";
import { axeViolations } from "./axe.ts";
import { startBrowser } from "./browser.ts";

const results = new URL("../../results/", import.meta.url);

for (const name of ["article", "badnets", "clean-label"]) {
  Deno.test(`the report on ${name} keeps the rules of accessibility, in light and in dark`, async () => {
    const json = JSON.parse(await Deno.readTextFile(new URL(`${name}.json`, results)));
    const browser = await startBrowser();
    try {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ colorScheme });
        await page.setContent(renderPage(makeReport(json)));
        assert.deepEqual(await axeViolations(page), []);
      }
    } finally {
      await browser.close();
    }
  });
}
