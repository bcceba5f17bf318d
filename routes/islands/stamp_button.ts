/**
 * The button that stamps the trigger, and the space bar, which does the same.
 *
 * @module
 */

import { element } from "./element.ts";

/**
 * Calls `onStamp` for each click on the button and each press of the space bar. Where the space bar
 * has a meaning of its own, on buttons, boxes and lists, it keeps that; a chosen sample or trigger is
 * chosen already, so that it stamps there too.
 */
export function listenForStamp(onStamp: () => void): void {
  const button = element("stamp", HTMLButtonElement);
  button.addEventListener("click", onStamp);
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (event.key !== " " || !isPlain || event.repeat) return;
    if (button.disabled || hasOwnSpace(event.target)) return;
    event.preventDefault(); // or the page scrolls
    onStamp();
  });
}

function hasOwnSpace(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement && target.type === "radio") return !target.checked;
  return target.closest("button, input, select, textarea, a, summary, [tabindex]") !== null;
}

/** Says on the button what it does now. */
export function showStamp(
  { isStamped, isPossible }: { isStamped: boolean; isPossible: boolean },
): void {
  const button = element("stamp", HTMLButtonElement);
  button.textContent = isStamped ? "Take the trigger off" : "Stamp the trigger";
  button.disabled = !isPossible;
}
