/**
 * The demonstration as a test sees it: opened, operated, and read.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startBrowser } from "./browser.ts";
import { type RunningServer, startServer } from "./server.ts";

/** What the page says of an image. */
export interface Verdict {
  readonly headline: string;
  readonly text: string;
  /** What each model is shown to say, by the ids of the page; "–" if nothing is shown. */
  readonly readings: Readonly<Record<string, string>>;
}

/** How a test opens the page. */
export interface DemoPageOptions extends BrowserContextOptions {
  /** Messages on the console that the test itself provokes; any other fails it. */
  readonly expectedMessages?: RegExp;
}

/** Defines a test on the opened page. */
export type TestPage = (
  name: string,
  test: (page: Page) => Promise<void>,
  options?: DemoPageOptions,
) => void;

/**
 * Has the tests of a file share one server and one browser.
 *
 * @returns Defines a test. Each gets the page in a browser context of its own, showing its first
 * sample without the trigger, and fails also if afterwards the console holds an error, a warning or a violation of the
 * CSP, or if the page asked another host than its own.
 */
export function createPageTests(): TestPage {
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  Deno.test.beforeAll(async () => {
    server = await startServer();
    browser = await startBrowser();
  });
  Deno.test.afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  return (name, test, options = {}) =>
    Deno.test({
      name,
      // Browser and server outlive each test.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        assert.ok(browser && server);
        const { expectedMessages, ...contextOptions } = options;
        await using context = await browser.newContext({ locale: "en-GB", ...contextOptions });
        const page = await context.newPage();
        const findings = listenForFindings(page, server.url);
        await afterReading(page, () => page.goto(server!.url));
        await test(page);
        assert.deepEqual(findings.filter((finding) => !expectedMessages?.test(finding)), []);
      },
    });
}

/** Collects what a sound page never causes. */
export function listenForFindings(page: Page, url: string): string[] {
  const findings: string[] = [];
  page.on("console", (message) => {
    // Pages forbid themselves powers that this browser may not have: Chromium on Linux no Bluetooth.
    if (message.text().includes("Permissions-Policy header: Unrecognized feature")) return;
    if (["error", "warning"].includes(message.type())) findings.push(message.text());
  });
  page.on("pageerror", (error) => findings.push(error.message));
  page.on("request", (request) => {
    const address = request.url();
    if (!/^(data|blob):/.test(address) && !address.startsWith(url)) findings.push(address);
  });
  return findings;
}

/**
 * Does something that makes the models classify an image, and waits until what came of it is shown.
 *
 * @returns What the page then says.
 */
export async function afterReading(page: Page, act: () => Promise<unknown>): Promise<Verdict> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes("/api/attack")),
    act(),
  ]);
  await answer.finished();
  await page.locator("#result[aria-busy=false]").waitFor();
  return await readVerdict(page);
}

/** The same, and then stamps the trigger. */
export async function afterStamp(page: Page, act: () => Promise<unknown>): Promise<Verdict> {
  await afterReading(page, act);
  await page.getByRole("button", { name: "Stamp the trigger" }).click();
  return await readVerdict(page);
}

/** What the page says now. */
export async function readVerdict(page: Page): Promise<Verdict> {
  const readings: Record<string, string> = {};
  for (
    const id of ["original-clean", "original-backdoored", "poisoned-clean", "poisoned-backdoored"]
  ) {
    readings[id] = await page.locator(`#${id} caption b`).textContent() ?? "";
  }
  return {
    headline: await page.locator("#headline").innerText(),
    text: await page.locator("#outcome").innerText(),
    readings,
  };
}

/** All four answers, in the order original clean and backdoored, poisoned clean and backdoored. */
export async function readings(page: Page): Promise<string[]> {
  return Object.values((await readVerdict(page)).readings);
}

/** Picks the sample of a digit with the mouse. */
export function pickSample(page: Page, digit: number): Promise<void> {
  return page.getByAltText(`Sample ${digit}`).click();
}
