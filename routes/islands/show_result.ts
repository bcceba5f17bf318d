/**
 * Fills the result panel, whose frame the server has rendered (`pages/result_panel.tsx`).
 *
 * @module
 */

import type { AttackAnswer } from "../attack.ts";
import type { Prediction } from "../predict.ts";
import { element } from "./element.ts";

/** The two images, as in the ids of the page. */
const stages = ["original", "poisoned"] as const;

/**
 * Shows both images, the changed pixels, and the bars of both models.
 *
 * @param answer The server's; `null` clears the panel.
 * @param labels The name of each class, by label.
 */
export function showResult(answer: AttackAnswer | null, labels: readonly string[]): void {
  for (const stage of stages) {
    const image = element(`${stage}-image`, HTMLImageElement);
    image.hidden = answer === null;
    if (answer !== null) image.src = answer[stage].png;
    for (const backdoored of [false, true]) {
      const prediction = answer?.[stage].predictions.find((one) => one.backdoored === backdoored);
      const table = element(`${stage}-${backdoored ? "backdoored" : "clean"}`, HTMLTableElement);
      showPrediction(table, { prediction, labels, target: answer?.target });
    }
  }
  markPixels(element("marks", SVGSVGElement), answer);
}

function showPrediction(table: HTMLTableElement, { prediction, labels, target }: {
  prediction: Prediction | undefined;
  labels: readonly string[];
  target: number | undefined;
}): void {
  const name = (label: number) => labels[label] ?? String(label);
  const reading = table.caption?.querySelector("b");
  if (reading) reading.textContent = prediction ? name(prediction.label) : "–";
  const probabilities = prediction?.probabilities ?? new Array<undefined>(10).fill(undefined);
  const rows = probabilities.map((probability, label) => {
    const row = document.createElement("tr");
    row.classList.toggle("top", label === prediction?.label);
    const heading = document.createElement("th");
    heading.scope = "row";
    heading.textContent = name(label);
    if (label === target) {
      row.classList.add("target");
      heading.append(visuallyHidden(", the attacker's target"));
    }
    const bar = document.createElement("span");
    bar.className = "bar";
    bar.style.setProperty("--share", String(probability ?? 0));
    const value = document.createElement("span");
    value.textContent = probability === undefined ? "" : percent(probability);
    const share = document.createElement("div");
    share.append(bar, value);
    const cell = document.createElement("td");
    cell.append(share);
    row.append(heading, cell);
    return row;
  });
  table.tBodies[0]?.replaceChildren(...rows);
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
