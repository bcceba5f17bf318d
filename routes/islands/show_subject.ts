/**
 * Says on the page what the chosen model classifies.
 *
 * @module
 */

import { element } from "./element.ts";
import type { Subject } from "./subject.ts";

/** Offers the ways that there are to give such an image, and names it. */
export function showSubject({ one, wanted, isDrawn, hasSamples, dataset }: Subject): void {
  const write = (id: string, text: string) => element(id, HTMLElement).textContent = text;
  write("image-heading", one);
  write("pad-hint", `Draw ${wanted} here`);
  write("no-samples", `The page has no samples of ${dataset}: upload ${wanted}.`);
  element("drawing", HTMLDivElement).hidden = !isDrawn;
  element("samples", HTMLFieldSetElement).hidden = !hasSamples;
  element("no-samples", HTMLParagraphElement).hidden = hasSamples;
}

/** What to do where there is no image. */
export function invitationFor({ wanted, isDrawn, hasSamples }: Subject): string {
  const ways = [...isDrawn ? ["draw"] : [], "upload", ...hasSamples ? ["pick"] : []];
  const last = ways.pop()!;
  const text = ways.length === 0 ? last : `${ways.join(", ")} or ${last}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${wanted}.`;
}
