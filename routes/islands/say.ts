/**
 * Puts a sentence where people look and screen readers listen.
 *
 * @module
 */

import { element } from "./element.ts";

/** What is said, and how it looks. */
export interface Statement {
  readonly tone: "calm" | "flipped" | "error";
  readonly headline: string;
  readonly text: string;
}

/** Says it in the verdict; after an error the page offers to try again, in place of the stamp. */
export function say({ tone, headline, text }: Statement): void {
  element("verdict", HTMLDivElement).dataset.tone = tone;
  element("headline", HTMLElement).textContent = headline;
  element("outcome", HTMLElement).textContent = text;
  const failed = tone === "error";
  element("retry", HTMLButtonElement).hidden = !failed;
  element("stamp", HTMLButtonElement).hidden = failed;
  element("stamp-hint", HTMLElement).hidden = failed;
}
