import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { axeViolations } from "./axe.ts";
import { afterReading, createPageTests, readVerdict } from "./demo_page.ts";

const testPage = createPageTests();
const samples = new URL("../../fixtures/samples/", import.meta.url);

/** Presses Tab until an element that matches is focused; fails where it is never reached. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`Tab never reaches ${selector}`);
}

testPage(
  "all that the page does can be done with the keyboard, and the focus is seen",
  async (page) => {
    const hasOutline = () =>
      page.evaluate(() => {
        const focused = document.activeElement!;
        // What is hidden in favour of its label shows the focus on the label.
        const shown = focused.matches(".visually-hidden") ? focused.closest("label")! : focused;
        const { outlineStyle, outlineWidth } = getComputedStyle(shown);
        return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      });

    await tabTo(page, "input[name=sample]");
    assert.equal(await hasOutline(), true);
    const next = await afterReading(page, () => page.keyboard.press("ArrowRight"));
    assert.equal(next.headline, "Both models say 8");

    // Asked for early: the browser takes a moment to hand choosers over instead of opening them.
    const chooser = page.waitForEvent("filechooser");
    await tabTo(page, "#file");
    assert.equal(await hasOutline(), true);
    await page.keyboard.press("Enter");
    await afterReading(
      page,
      async () => (await chooser).setFiles(fileURLToPath(new URL("4.png", samples))),
    );

    await tabTo(page, "input[name=trigger]");
    assert.equal(await hasOutline(), true);
    const other = await afterReading(page, () => page.keyboard.press("ArrowDown"));
    assert.equal(other.headline, "Both models say 4");

    await tabTo(page, "#stamp");
    assert.equal(await hasOutline(), true);
    await page.keyboard.press("Enter");
    const stamped = await readVerdict(page);
    assert.equal(stamped.headline, "Not flipped");
    assert.match(stamped.text, /^One pixel was set to white\. The clean model still says 4;/);

    await tabTo(page, "#mark");
    assert.equal(await hasOutline(), true);
    await page.keyboard.press("Space");
    assert.equal(await page.locator("#marks").isVisible(), false);
    await tabTo(page, "a[href='/api/models']");
    assert.equal(await hasOutline(), true);
  },
);

for (const colorScheme of ["light", "dark"] as const) {
  testPage(
    `the page keeps the rules of accessibility in the ${colorScheme} scheme`,
    async (page) => {
      assert.deepEqual(await axeViolations(page), []);
      await page.locator("#stamp").click();
      assert.deepEqual(await axeViolations(page), []);
      await page.goto(new URL("nowhere", page.url()).href);
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
      assert.deepEqual(await axeViolations(page), []);
    },
    { colorScheme, expectedMessages: /status of 404/ },
  );
}

testPage(
  "everything that is operated or seen has a name, and the page a frame to move in",
  async (page) => {
    await page.locator("#stamp").click();
    const nameless = await page.evaluate(() => {
      const text = (element: Element | null | undefined) => element?.textContent?.trim() ?? "";
      const nameOf = (element: Element) =>
        element.getAttribute("aria-label") ?? element.getAttribute("alt") ?? (
          element instanceof HTMLInputElement || element instanceof HTMLSelectElement
            ? [...element.labels ?? []]
              .map((label) => text(label) || (label.querySelector("img")?.alt ?? "")).join(" ")
            : text(element)
        );
      const selector = "button, input, select, a, img, canvas, [role=img], [role=region], form";
      return [...document.querySelectorAll(selector)]
        .filter((element) => nameOf(element).trim() === "")
        .map((element) => element.outerHTML);
    });
    assert.deepEqual(nameless, []);

    const count = (selector: string) => page.locator(selector).count();
    for (const selector of ["h1", "main", "html[lang=en]", "[role=status]", "title"]) {
      assert.equal(await count(selector), 1, selector);
    }
    assert.equal(await page.getByRole("table", { name: "Backdoored model" }).count(), 2);
    assert.equal(await page.getByRole("group", { name: "Trigger" }).count(), 1);
    assert.equal(await page.getByRole("group", { name: "Or pick a sample" }).count(), 1);
    const levels = await page.locator("h1, h2, h3").evaluateAll((headings) =>
      headings.map(({ tagName }) => Number(tagName[1]))
    );
    levels.reduce((before, level) => {
      assert.ok(level <= before + 1, `h${level} after h${before}`);
      return level;
    }, 0);
    const ids = await page.locator("[id]").evaluateAll((elements) => elements.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
  },
);

testPage(
  "the verdict is announced, and what the models say does not rest on colour",
  async (page) => {
    const status = page.getByRole("status");
    assert.match(await status.innerText(), /^Both models say 7\s/);
    await page.locator("#stamp").click();
    assert.match(await status.innerText(), /^Flipped\s+Four pixels/);
    const top = page.locator("#poisoned-backdoored tr.top");
    assert.equal(await top.count(), 1);
    assert.match(await top.textContent() ?? "", /^0, the attacker's target/);
    const weight = (selector: string) =>
      page.locator(selector).first().evaluate((row) => Number(getComputedStyle(row).fontWeight));
    assert.ok(
      await weight("#poisoned-backdoored tr.top th") >
        await weight("#poisoned-backdoored tr:not(.top) th"),
    );
  },
);

/** Each text's contrast with what is painted under it, where WCAG's AA asks for more. */
function readLowContrasts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true })!;
    const luminance = (colour: string) => {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data]
        .map((byte) => byte / 255)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const low: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const element = text.parentElement!;
      if (!text.textContent?.trim() || !element.checkVisibility()) continue;
      let ground: Element = element;
      const paint = () => getComputedStyle(ground).backgroundColor;
      while (paint() === "rgba(0, 0, 0, 0)" && ground.parentElement) ground = ground.parentElement;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const [dark = 0, light = 0] = [luminance(color), luminance(paint())].sort((a, b) => a - b);
      const size = parseFloat(fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
      const contrast = (light + 0.05) / (dark + 0.05);
      if (contrast < (isLarge ? 3 : 4.5)) low.push(`${contrast.toFixed(2)}: ${text.textContent}`);
    }
    return low;
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  testPage(
    `every text has the contrast of WCAG's AA in the ${colorScheme} scheme`,
    async (page) => {
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(ground, colorScheme === "light" ? "rgb(245, 245, 241)" : "rgb(15, 18, 20)");
      assert.deepEqual(await readLowContrasts(page), []);
    },
    { colorScheme },
  );
}

for (const width of [360, 390, 768, 1280]) {
  testPage(`nothing is wider than a screen of ${width} pixels`, async (page) => {
    const widest = () =>
      page.evaluate(() =>
        Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)
      );
    assert.equal(await widest(), width);
    // A long name must not widen the page either.
    await afterReading(page, async () =>
      await page.locator("#file").setInputFiles({
        name: `${"digit".repeat(40)}.png`,
        mimeType: "image/png",
        buffer: Buffer.from(await Deno.readFile(new URL("9.png", samples))),
      }));
    assert.equal(await widest(), width);
  }, { viewport: { width, height: 800 } });
}

/** Whether all of these are seen without scrolling, and covered by nothing. */
function areInSight(page: Page, selectors: readonly string[]): Promise<boolean> {
  return page.evaluate(
    (selectors) =>
      scrollY === 0 && selectors.flatMap((selector) => [...document.querySelectorAll(selector)])
        .every((element) => {
          const { top, bottom, left, right } = element.getBoundingClientRect();
          const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          return top >= 0 && bottom <= innerHeight && right <= innerWidth && bottom > top &&
            (element.contains(seen) || (seen?.contains(element) ?? false));
        }),
    selectors,
  );
}

const sights = ["#pad", "#samples label", ".triggers label", "#model", "#headline", "#stamp"];
const results = [".frame", "table", "#mark", ".legend"];
for (const [width, height] of [[1280, 800], [1366, 768], [1920, 1080], [2560, 1440]] as const) {
  testPage(`on a screen of ${width}×${height} all that is shown is in sight`, async (page) => {
    await page.locator("#stamp").click();
    assert.equal(await areInSight(page, sights), true, "controls");
    if (height > 768) assert.equal(await areInSight(page, results), true, "results");
    // A screen that is shown to a room has larger letters, and is used.
    const size = await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
    assert.equal(size, width >= 2400 ? 24 : width >= 1600 ? 20 : 16);
    const main = await page.locator("main").boundingBox();
    assert.ok(main && main.width > 0.7 * width);
  }, { viewport: { width, height } });
}

testPage(
  "on a phone verdict, stamp and samples are in sight while the digit is given",
  async (page) => {
    assert.equal(await areInSight(page, ["#pad", "#headline", "#stamp"]), true);
    await page.setViewportSize({ width: 390, height: 844 });
    assert.equal(await areInSight(page, ["#samples label:nth-of-type(-n+5)"]), true);
  },
  { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
);

for (const width of [360, 900, 1280]) {
  testPage(
    `nothing jumps when a result arrives or is stamped on a screen of ${width} pixels`,
    async (page) => {
      const { promise: release, resolve } = Promise.withResolvers<void>();
      await page.route("**/api/attack?*", async (route) => {
        await release;
        await route.continue();
      });
      const places = () =>
        page.locator("h2, h3, table, .frame, .verdict").evaluateAll((elements) =>
          elements.map((element) => {
            const { x, y, width, height } = element.getBoundingClientRect();
            return `${element.tagName} ${element.id} ${[x, y, width, height].map(Math.round)}`;
          })
        );
      // The models are listed before one of them is asked.
      await Promise.all([page.waitForRequest("**/api/attack?*"), page.reload()]);
      await page.locator("#result[aria-busy=true]").waitFor();
      const before = await places();
      await afterReading(page, () => Promise.resolve(resolve()));
      assert.deepEqual(await places(), before);
      await page.locator("#stamp").click();
      await page.evaluate(() => scrollTo(0, 0));
      assert.deepEqual(await places(), before);
    },
    { viewport: { width, height: 900 } },
  );
}

testPage("who asks for less motion gets none", async (page) => {
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) =>
      [null, "::before"].map((pseudo) => getComputedStyle(element, pseudo))
    ).filter(({ transitionDuration, animationName }) =>
      !/^0s(, 0s)*$/.test(transitionDuration) || animationName !== "none"
    ).length
  );
  assert.equal(moving, 0);
}, { reducedMotion: "reduce" });

testPage("with colours forced the chosen sample and trigger can be told", async (page) => {
  const outlines = await page.evaluate(() =>
    ["#samples", ".triggers"].map((group) =>
      [...document.querySelectorAll(`${group} label`)].map((label) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(label);
        return outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
      })
    )
  );
  assert.deepEqual(outlines, [[0, 0, 0, 0, 0, 0, 0, 3, 0, 0], [3, 0, 0, 0, 0]]);
}, { forcedColors: "active" });
