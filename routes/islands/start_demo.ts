/**
 * The demonstration: an image and a trigger go to the API, its answer onto the page.
 *
 * @module
 */

import type { ServedManifest } from "../../lib/registry/source.ts";
import type { AttackAnswer } from "../attack.ts";
import { attack, fetchModels } from "./api.ts";
import { type ChosenImage, listenForImages } from "./choose_image.ts";
import { describeOutcome } from "./describe_outcome.ts";
import { element } from "./element.ts";
import { showModels } from "./show_models.ts";
import { showResult } from "./show_result.ts";

/** The sample that is read when the page opens, so that it explains itself. */
const FIRST_SAMPLE = 7;

/** Starts the demonstration. */
export function startDemo(): void {
  const controls = element("controls", HTMLFormElement);
  const modelSelect = element("model", HTMLSelectElement);
  const mark = element("mark", HTMLInputElement);
  let chosen: Promise<ChosenImage> | null = null;
  let running = new AbortController();
  let models: readonly ServedManifest[] | null = null;

  const chosenModel = () => models?.find(({ name }) => name === modelSelect.value);

  /** Reads the chosen image; a choice made meanwhile wins. */
  async function read() {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    if (chosen === null) return showNothing();
    setBusy(true);
    try {
      const { truth, ...image } = await chosen;
      if (models === null) showModels(models = await fetchModels());
      const trigger = String(new FormData(controls).get("trigger") ?? "");
      const model = chosenModel();
      const answer = await attack({ ...image, model: modelSelect.value, trigger }, signal);
      if (!signal.aborted) showAnswer(answer, { model, truth });
    } catch (error) {
      if (!signal.aborted) showError(error);
    }
  }

  const pickSample = listenForImages(
    (image) => {
      chosen = image;
      read();
    },
    // Networks of one channel are the digits'; those of three read photographs.
    () => chosenModel()?.input[2] !== 3,
  );
  for (const choice of controls.querySelectorAll("input[name=trigger], select")) {
    choice.addEventListener("change", read);
  }
  controls.addEventListener("submit", (event) => event.preventDefault());
  element("retry", HTMLButtonElement).addEventListener("click", read);
  mark.addEventListener("change", () => {
    element("marks", SVGSVGElement).toggleAttribute("hidden", !mark.checked);
  });
  pickSample(FIRST_SAMPLE);
}

function showAnswer(
  answer: AttackAnswer,
  { model, truth }: { model: ServedManifest | undefined; truth: number | undefined },
): void {
  const labels = model?.labels ?? [];
  const ownTrigger = model?.attack?.trigger ?? undefined;
  showResult(answer, labels);
  const { headline, text } = describeOutcome(answer, { labels, truth, ownTrigger });
  say({ tone: answer.flipped ? "flipped" : "calm", headline, text });
}

function showNothing(): void {
  showResult(null, []);
  say({ tone: "calm", headline: "Ready", text: "Draw, upload or pick a digit." });
}

function showError(error: unknown): void {
  showResult(null, []);
  const text = error instanceof Error ? error.message : String(error);
  say({ tone: "error", headline: "That did not work", text });
}

function setBusy(busy: boolean): void {
  element("result", HTMLElement).setAttribute("aria-busy", String(busy));
}

/** Puts a sentence where people look and screen readers listen. */
function say({ tone, headline, text }: {
  tone: "calm" | "flipped" | "error";
  headline: string;
  text: string;
}): void {
  setBusy(false);
  element("verdict", HTMLDivElement).dataset.tone = tone;
  element("headline", HTMLElement).textContent = headline;
  element("outcome", HTMLElement).textContent = text;
  element("retry", HTMLButtonElement).hidden = tone !== "error";
}
