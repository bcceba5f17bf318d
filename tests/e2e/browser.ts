/**
 * A real Chromium.
 *
 * @module
 */

import { type Browser, chromium } from "playwright-core";

/**
 * Starts the Chromium that `EDGEDOOR_TEST_CHROMIUM` names, without a window and with an empty
 * profile.
 *
 * @throws {Error} If the variable is not set.
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = Deno.env.get("EDGEDOOR_TEST_CHROMIUM");
  if (!executablePath) {
    throw new Error(
      "Cannot start a browser: EDGEDOOR_TEST_CHROMIUM must name a Chromium, got nothing; deno task " +
        "test sets it, or set it to what `which chromium` prints",
    );
  }
  return await chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
