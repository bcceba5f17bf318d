/**
 * The rules of accessibility that a program can check, by axe.
 *
 * @module
 */

import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** What breaks a rule on a page as it is now: the rule and the elements. */
export async function axeViolations(page: Page): Promise<string[]> {
  // As an expression, for a script in the page would break its content security policy.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate("axe.run()") as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
