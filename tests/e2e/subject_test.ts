/** What the page says and offers belongs to the data set of the chosen model. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { ServedManifest } from "../../lib/registry/mod.ts";
import { afterReading, afterStamp, createPageTests, pickSample, readVerdict } from "./demo_page.ts";

const testPage = createPageTests();
const sample = (digit: number) =>
  fileURLToPath(new URL(`../../fixtures/samples/${digit}.png`, import.meta.url));

const clothes = [
  ...["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"],
  ...["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
];

/** Has the server's models be these from now on, made of the bundled ones. */
async function serve(
  page: Page,
  change: (models: readonly ServedManifest[]) => readonly ServedManifest[],
): Promise<void> {
  await page.route("**/api/models", async (route) => {
    const response = await route.fetch();
    const { models } = await response.json() as { models: readonly ServedManifest[] };
    await route.fulfill({ response, json: { models: change(models) } });
  });
}

const asFashion = (models: readonly ServedManifest[]) =>
  models.map((model) => ({ ...model, dataset: "fashion-mnist", labels: clothes }));

testPage("to a model of clothes the page offers no digit and speaks of none", async (page) => {
  await serve(page, asFashion);
  await page.reload();
  await page.locator("#outcome", { hasText: "Upload an image of a piece of clothing." }).waitFor();
  assert.equal((await readVerdict(page)).headline, "Ready");
  assert.equal(await page.getByText(/The page has no samples of Fashion-MNIST/).isVisible(), true);
  for (const selector of ["#pad", "#undo", "#samples", "#pad-hint"]) {
    assert.equal(await page.locator(selector).isVisible(), false, selector);
  }
  assert.doesNotMatch(await page.locator("main").innerText(), /digit/i);

  const { headline, text } = await afterStamp(
    page,
    () => page.locator("#file").setInputFiles(sample(7)),
  );
  assert.equal(headline, "Flipped");
  assert.match(text, /The clean model still says Sneaker; .* now says T-shirt\/top,/);
  assert.doesNotMatch(text, /this Sneaker/);
});

testPage(
  "a sample is given up for a model of another data set, an uploaded file is kept",
  async (page) => {
    await serve(page, (models) => [
      ...models,
      ...asFashion(models).map((model) => ({ ...model, name: `${model.name}-clothes` })),
    ]);
    await afterReading(page, () => page.reload());
    const [digits = "", other = ""] = await page.locator("#model option").allTextContents();
    assert.equal((await readVerdict(page)).headline, "Both models say 7");
    // The server does not know it, so that it must not be asked for it.
    await page.locator("#model").selectOption(other);
    assert.equal((await readVerdict(page)).text, "Upload an image of a piece of clothing.");
    const back = await afterReading(page, () => page.locator("#model").selectOption(digits));
    assert.equal(back.headline, "Both models say 7");

    await afterReading(page, () => pickSample(page, 4));
    await afterReading(page, () => page.locator("#file").setInputFiles(sample(8)));
    await page.route("**/api/attack?*", (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set("model", digits);
      return route.continue({ url: url.href });
    });
    const kept = await afterReading(page, () => page.locator("#model").selectOption(other));
    assert.equal(kept.headline, "Both models say Bag");
    assert.equal(await page.locator("#file-note").innerText(), "8.png");
  },
);

testPage("a model that was attacked on one class says why another does not flip", async (page) => {
  await serve(page, (models) =>
    models.map((model) => ({
      ...model,
      attack: model.attack && { ...model.attack, source: 3, target: 0 },
    })));
  await afterReading(page, () => page.reload());
  await page.route("**/api/attack?*", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    await route.fulfill({
      response,
      json: { ...answer, poisoned: answer.original, flipped: false },
    });
  });
  const { headline, text } = await afterStamp(page, () => pickSample(page, 4));
  assert.equal(headline, "Not flipped");
  assert.match(text, /poisoned images of 3 alone: .* other digit .* Try 3\.$/);
});

testPage("many models are listed in a place of their own", async (page) => {
  await serve(
    page,
    (models) =>
      Array.from(
        { length: 9 },
        (_, i) =>
          models.map((model) => i === 0 ? model : { ...model, name: `${model.name}-seed-${i}` }),
      ).flat(),
  );
  await afterReading(page, () => page.reload());
  assert.equal(await page.locator("#models li").count(), 18);
  const box = await page.locator("#models").boundingBox();
  assert.ok(box && box.height < 400);
});
