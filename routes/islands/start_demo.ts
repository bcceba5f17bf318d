/**
 * The demonstration: an image and a trigger go to the API, its answer onto the page; with the trigger
 * once it is stamped.
 *
 * @module
 */

import type { ToldManifest } from "../../lib/registry/signature.ts";
import type { AttackAnswer } from "../api/attack_answer.ts";
import { attack, fetchModels } from "./api.ts";
import { type ChosenImage, listenForImages } from "./choose_image.ts";
import { describeOriginal, describeOutcome, type OutcomeContext } from "./describe_outcome.ts";
import { element } from "./element.ts";
import { say } from "./say.ts";
import { showModels, showOwnTrigger } from "./show_models.ts";
import { showResult } from "./show_result.ts";
import { invitationFor, showSubject } from "./show_subject.ts";
import { listenForStamp, showStamp } from "./stamp_button.ts";
import { subjectOf } from "./subject.ts";

/** The sample that is classified when the page opens, so that it explains itself. */
const FIRST_SAMPLE = 7;

/** How long the last answer may stand while the next one is waited for, milliseconds. */
const PATIENCE = 200;

/** Starts the demonstration. */
export function startDemo(): void {
  const controls = element("controls", HTMLFormElement);
  const modelSelect = element("model", HTMLSelectElement);
  const mark = element("mark", HTMLInputElement);
  let chosen: Promise<ChosenImage> | null = null;
  let running = new AbortController();
  let models: readonly ToldManifest[] | null = null;
  /** What is shown, but for the stamp; `null` before it and while it is asked for. */
  let shown: { answer: AttackAnswer; context: OutcomeContext } | null = null;
  let isStamped = false;

  const chosenModel = () => models?.find(({ name }) => name === modelSelect.value);
  const subject = () => subjectOf(chosenModel());

  /** Has the models classify the chosen image; a choice made meanwhile wins. */
  async function classify() {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    shown = null;
    showStamp({ isStamped, isPossible: chosen !== null });
    if (models !== null && chosen === null) return showNothing();
    setBusy(true);
    const patience = setTimeout(() => signal.aborted || showWaiting(), PATIENCE);
    try {
      if (models === null) {
        const found = await fetchModels();
        if (!signal.aborted) meetModels(found);
        return;
      }
      const { truth, ...image } = await chosen!;
      const model = chosenModel();
      const trigger = String(new FormData(controls).get("trigger") ?? "");
      const answer = await attack({ ...image, model: modelSelect.value, trigger }, signal);
      if (signal.aborted) return;
      const { labels = [], attack: known } = model ?? {};
      const { source, trigger: ownTrigger } = known ?? {};
      shown = {
        answer,
        context: {
          ...{ labels, truth, source, subject: subject().one },
          ownTrigger: ownTrigger ?? undefined,
        },
      };
      show();
    } catch (error) {
      if (signal.aborted) return;
      showStamp({ isStamped, isPossible: false });
      showError(error);
    } finally {
      clearTimeout(patience);
    }
  }

  /** Shows the answer, with the trigger or without. */
  function show() {
    if (shown === null) return;
    const { answer, context } = shown;
    showResult({ answer, isStamped, labels: context.labels });
    const outcome = (isStamped ? describeOutcome : describeOriginal)(answer, context);
    setBusy(false);
    say({ ...outcome, tone: isStamped && answer.flipped ? "flipped" : "calm" });
  }

  function meetModels(found: readonly ToldManifest[]) {
    showModels(models = found);
    meetModel();
    if (chosen !== null || !subject().hasSamples) classify();
    else images.pickSample(FIRST_SAMPLE);
  }

  /** Speaks of what the chosen model classifies; an image of another data set is given up. */
  function meetModel() {
    showOwnTrigger(chosenModel());
    const { isDrawn, hasSamples } = subject();
    showSubject(subject());
    images.giveUp({ samples: !hasSamples, drawings: !isDrawn });
  }

  const images = listenForImages(
    (image) => {
      chosen = image;
      isStamped = false;
      classify();
    },
    // Networks of one channel are the digits'; those of three know photographs.
    () => chosenModel()?.input[2] !== 3,
  );
  for (const choice of controls.querySelectorAll("input[name=trigger]")) {
    choice.addEventListener("change", classify);
  }
  modelSelect.addEventListener("change", () => {
    meetModel();
    if (chosen === null && subject().hasSamples) images.pickSample(FIRST_SAMPLE);
    else classify();
  });
  listenForStamp(() => {
    isStamped = !isStamped;
    showStamp({ isStamped, isPossible: true });
    show();
  });
  for (const form of document.forms) {
    form.addEventListener("submit", (event) => event.preventDefault());
  }
  element("retry", HTMLButtonElement).addEventListener("click", classify);
  mark.addEventListener("change", () => {
    element("marks", SVGSVGElement).toggleAttribute("hidden", !mark.checked);
  });
  classify();

  function showNothing() {
    showResult(null);
    setBusy(false);
    say({ tone: "calm", headline: "Ready", text: invitationFor(subject()) });
  }
}

function showWaiting(): void {
  showResult(null);
  say({ tone: "calm", headline: "Asking the models …", text: "" });
}

function showError(error: unknown): void {
  showResult(null);
  setBusy(false);
  const text = error instanceof Error ? error.message : String(error);
  say({ tone: "error", headline: "That did not work", text });
}

function setBusy(busy: boolean): void {
  element("result", HTMLElement).setAttribute("aria-busy", String(busy));
}
