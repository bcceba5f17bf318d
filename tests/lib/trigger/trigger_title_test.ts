import assert from "node:assert/strict";
import {
  createImageTrigger,
  createSequence,
  createTrigger,
  inSentence,
  triggerDefinitions,
  triggerTitle,
} from "../../../lib/trigger/mod.ts";
import { smallImage } from "./cases.ts";

Deno.test("every trigger has a title of its own that is no identifier", () => {
  const titles = triggerDefinitions.map(({ create }) => triggerTitle(create().manifest));
  assert.equal(new Set(titles).size, titles.length);
  for (const title of titles) assert.match(title, /^[A-Z][a-z]+ [a-z ]+$/);
});

Deno.test("an image and a sequence are named by what they are made of", () => {
  const image = createImageTrigger(smallImage);
  assert.equal(triggerTitle(image.manifest), "An image");
  const { manifest } = createSequence([createTrigger("pixel"), image, createTrigger("pattern")]);
  assert.equal(triggerTitle(manifest), "Single pixel, then an image, then pattern of pixels");
  assert.equal(
    inSentence(triggerTitle(manifest)),
    "single pixel, then an image, then pattern of pixels",
  );
});
