/**
 * Fills the result panel, whose frame the server has rendered (`pages/result_panel.tsx`).
 *
 * @module
 */

import type { AttackAnswer } from "../api/attack_answer.ts";
import { element } from "./element.ts";
import { shownClasses } from "./shown_classes.ts";

/** The two images, as in the ids of the page. */
const stages = ["original", "poisoned"] as const;

/** Where each model's name stands, and what it is called. */
const models = [["clean-name", "Clean", false], ["backdoored-name", "Backdoored", true]] as const;

/** What there is to show. */
export interface Result {
  readonly answer: AttackAnswer;
  /** Whether the trigger is stamped: the image that carries it is shown only then. */
  readonly isStamped: boolean;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
}

/**
 * Shows the image, stamped also the image with the trigger and the changed pixels, and what both
 * models say.
 *
 * @param result `null` clears the panel.
 */
export function showResult(result: Result | null): void {
  for (const stage of stages) {
    const isShown = result !== null && (stage === "original" || result.isStamped);
    element(stage, HTMLElement).toggleAttribute("data-empty", !isShown);
    const image = element(`${stage}-image`, HTMLImageElement);
    image.hidden = !isShown;
    if (isShown) image.src = result.answer[stage].png;
    for (const backdoored of [false, true]) {
      const table = element(`${stage}-${backdoored ? "backdoored" : "clean"}`, HTMLTableElement);
      fillTable(table, isShown ? { ...result, stage, backdoored } : null);
    }
  }
  nameModels(result?.answer ?? null);
  markPixels(element("marks", SVGSVGElement), result?.isStamped ? result.answer : null);
}

function fillTable(
  table: HTMLTableElement,
  shown: Result & { stage: typeof stages[number]; backdoored: boolean } | null,
): void {
  const prediction = shown?.answer[shown.stage].predictions.find((one) =>
    one.backdoored === shown.backdoored
  );
  const name = (label: number) => shown?.labels[label] ?? String(label);
  const said = table.caption?.querySelector("b");
  if (said) said.textContent = prediction ? name(prediction.label) : "–";
  const classes = shown ? shownClasses(shown.answer) : [];
  // As many rows when empty as when filled, so that nothing jumps.
  const count = Math.max(classes.length, table.tBodies[0]?.rows.length ?? 0);
  const rows = Array.from({ length: count }, (_, i) => {
    const label = classes[i];
    if (label === undefined || !prediction) return emptyRow();
    return makeRow(name(label), {
      probability: prediction.probabilities[label] ?? 0,
      isTop: label === prediction.label,
      isTarget: label === shown?.answer.target,
    });
  });
  table.tBodies[0]?.replaceChildren(...rows);
}

function emptyRow(): HTMLTableRowElement {
  const row = document.createElement("tr");
  row.append(document.createElement("th"), document.createElement("td"));
  return row;
}

function makeRow(
  name: string,
  { probability, isTop, isTarget }: { probability: number; isTop: boolean; isTarget: boolean },
): HTMLTableRowElement {
  const row = document.createElement("tr");
  row.classList.toggle("top", isTop);
  row.classList.toggle("target", isTarget);
  const heading = document.createElement("th");
  heading.scope = "row";
  heading.textContent = name;
  if (isTarget) heading.append(visuallyHidden(", the attacker's target"));
  const bar = document.createElement("span");
  bar.className = "bar";
  bar.style.setProperty("--share", String(probability));
  const value = document.createElement("span");
  value.textContent = percent(probability);
  const share = document.createElement("div");
  share.append(bar, value);
  const cell = document.createElement("td");
  cell.append(share);
  row.append(heading, cell);
  return row;
}

/** Says which models they are, and how good. */
function nameModels(answer: AttackAnswer | null): void {
  for (const [id, title, backdoored] of models) {
    const prediction = answer?.original.predictions.find((one) => one.backdoored === backdoored);
    const { model = "", cleanAccuracy = null } = prediction ?? {};
    const accuracy = cleanAccuracy === null ? "" : `, ${(100 * cleanAccuracy).toFixed(2)} %`;
    const name = element(id, HTMLElement);
    // The title has what is cut off.
    name.title = name.textContent = prediction ? `${title}: ${model}${accuracy}` : "";
  }
}

/** Most places that are read out one by one. */
const MOST_PLACES = 9;

/** Outlines the pixels that the trigger changed. */
function markPixels(marks: SVGSVGElement, answer: AttackAnswer | null): void {
  const { width, height } = answer?.image ?? { width: 1, height: 1 };
  const pixels = answer?.trigger.pixels ?? [];
  const places = pixels.length > MOST_PLACES
    ? [`${pixels.length} pixels`]
    : pixels.map(([row, column]) => `row ${row}, column ${column}`);
  const outlines = pixels.map(([row, column]) => `M${column} ${row}h1v1h-1z`);
  marks.setAttribute("viewBox", `0 0 ${width} ${height}`);
  marks.setAttribute("aria-label", `Changed: ${places.join("; ") || "nothing yet"}`);
  marks.querySelector("path")?.setAttribute("d", outlines.join(""));
}

function visuallyHidden(text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}

/** A probability as people read it; never 100 % for what is not certain. */
function percent(probability: number): string {
  const tenths = Math.floor(1000 * probability) / 10;
  return `${tenths.toFixed(tenths === 100 ? 0 : 1)} %`;
}
