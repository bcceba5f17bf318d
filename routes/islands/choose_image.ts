/**
 * The three ways to give an image: draw it, pick a sample, or hand over a file.
 *
 * @module
 */

import { createDrawingPad } from "./drawing_pad.ts";
import { element } from "./element.ts";
import { prepareUpload } from "./prepare_upload.ts";

/** How long a pen may rest between two strokes of one digit, milliseconds. */
const PEN_REST = 300;

/** An image as it goes to the server. */
export interface ChosenImage {
  readonly image: Blob;
  /** Whether it is dark ink on light paper. */
  readonly invert: boolean;
  /** The true label, where it is known. */
  readonly truth?: number;
}

/** Told of each choice; `null` if nothing is left, as of a drawing that was erased. */
export type ImageListener = (image: Promise<ChosenImage> | null) => void;

/** What the page does beside listening. */
export interface ImageChooser {
  /** Picks a sample as a click on it would. */
  pickSample(sample: number): void;
  /** Gives up the image if it is a sample, or a drawing; a file stays. */
  giveUp(kinds: { samples: boolean; drawings: boolean }): void;
}

/**
 * Listens to the pad, the samples, and files that are chosen, dropped or pasted. One image is
 * current at a time: a choice takes the marks of the others off the page.
 *
 * @param readsInk Whether the model knows strokes, so that a file with a light border is taken for ink
 * on paper; a photograph is not.
 */
export function listenForImages(
  onImage: ImageListener,
  readsInk: () => boolean,
): ImageChooser {
  const undo = element("undo", HTMLButtonElement);
  const clear = element("clear", HTMLButtonElement);
  const padHint = element("pad-hint", HTMLSpanElement);
  const samples = [...document.querySelectorAll<HTMLInputElement>("input[name=sample]")];
  const fileInput = element("file", HTMLInputElement);
  const fileNote = element("file-note", HTMLParagraphElement);
  const noFile = fileNote.textContent;
  const invert = element("invert", HTMLInputElement);
  let file: Blob | null = null;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const pad = createDrawingPad(element("pad", HTMLCanvasElement), {
    onPenDown: () => show({}),
    onPenUp() {
      rest = setTimeout(readDrawing, PEN_REST);
    },
  });

  /** Marks what is current on the page: a sample, a file, or else the drawing. */
  function show(current: { sample?: number; file?: File }) {
    clearTimeout(rest);
    const drawn = current.sample === undefined && current.file === undefined;
    if (!drawn) pad.clear();
    undo.disabled = clear.disabled = pad.isEmpty();
    padHint.hidden = !pad.isEmpty();
    for (const radio of samples) radio.checked = Number(radio.value) === current.sample;
    file = current.file ?? null;
    fileInput.value = "";
    fileNote.textContent = current.file?.name ?? noFile;
    invert.checked = false;
    invert.disabled = file === null;
  }

  function readDrawing() {
    show({});
    onImage(pad.isEmpty() ? null : pad.toPng().then((image) => ({ image, invert: false })));
  }

  function readSample(sample: number) {
    show({ sample });
    onImage(fetchSample(sample).then((image) => ({ image, invert: false, truth: sample })));
  }

  function readFile(chosen: File) {
    show({ file: chosen });
    onImage(
      prepareUpload(chosen).then(({ blob, light: isLight, shrunk }) => {
        const light = isLight && readsInk();
        if (file === chosen) {
          file = blob;
          invert.checked = light;
          if (shrunk) fileNote.textContent = `${chosen.name} (made smaller for sending)`;
        }
        return { image: blob, invert: light };
      }),
    );
  }

  undo.addEventListener("click", () => {
    pad.undo();
    readDrawing();
  });
  clear.addEventListener("click", () => {
    pad.clear();
    readDrawing();
  });
  for (const radio of samples) {
    radio.addEventListener("change", () => readSample(Number(radio.value)));
  }
  invert.addEventListener("change", () => {
    if (file !== null) onImage(Promise.resolve({ image: file, invert: invert.checked }));
  });
  fileInput.addEventListener("change", () => {
    const chosen = fileInput.files?.[0];
    if (chosen) readFile(chosen);
  });
  document.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files[0];
    if (pasted) readFile(pasted);
  });
  // Without a stop to both, the browser leaves the page and opens the dropped file.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = event.dataTransfer?.files[0];
    if (dropped) readFile(dropped);
  });

  return {
    pickSample: readSample,
    giveUp(kinds) {
      const isSample = samples.some(({ checked }) => checked);
      if (!(kinds.samples && isSample) && !(kinds.drawings && !pad.isEmpty())) return;
      pad.clear();
      show({});
      onImage(null);
    },
  };
}

async function fetchSample(digit: number): Promise<Blob> {
  // The page shows the samples, so the browser has them, also where the connection is gone.
  const response = await fetch(`/samples/${digit}.png`, { cache: "force-cache" });
  if (!response.ok) throw new Error(`Cannot load sample ${digit}: status ${response.status}`);
  return await response.blob();
}
