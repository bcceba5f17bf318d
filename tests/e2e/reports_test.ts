/** Reports as the server gives them to a browser. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { readResults, writeReport } from "../../lib/experiment/mod.ts";
import { experimentNames } from "../../lib/report/mod.ts";
import { createApp } from "../../routes/app.ts";
import { createFakePool } from "../routes/fake_pool.ts";
import { withFolder } from "../scripts/run_command.ts";
import { axeViolations } from "./axe.ts";
import { startBrowser } from "./browser.ts";
import { listenForFindings } from "./demo_page.ts";

const committed = fileURLToPath(new URL("../../results/", import.meta.url));

Deno.test("a browser shows every report as its policy permits, and leads from one to the other", () =>
  withFolder(async (folder) => {
    for (const name of experimentNames) {
      const results = await readResults(join(committed, `${name}.json`), name);
      await writeReport(folder, results!, { soon: experimentNames });
    }
    const app = createApp({
      pool: createFakePool(),
      reportsFolder: pathToFileURL(`${folder}/`),
    });
    await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.fetch);
    await using browser = await startBrowser();
    const page = await browser.newPage();
    const url = `http://127.0.0.1:${server.addr.port}/`;
    const findings = listenForFindings(page, url);
    await page.goto(`${url}reports/`);
    assert.deepEqual(await axeViolations(page), []);
    await page.getByRole("link", { name: "article" }).click();
    for (const title of ["BadNets on MNIST", "Clean-label backdoors", "The article's backdoors"]) {
      await page.getByRole("link", { name: title, exact: true }).click();
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      // Its own styles are in force.
      const width = await page.evaluate(() => getComputedStyle(document.body).maxWidth);
      assert.notEqual(width, "none");
      const sizes = await page.locator(".comparisons thead th").evaluateAll((cells) =>
        cells.map((cell) => getComputedStyle(cell).fontSize)
      );
      assert.equal(new Set(sizes).size, 1, "headings of one row have one size");
    }
    assert.deepEqual(findings, []);
  }));
