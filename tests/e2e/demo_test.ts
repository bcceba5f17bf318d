import assert from "node:assert/strict";
import { decode, encode } from "fast-png";
import type { Page } from "playwright-core";
import { afterReading, createPageTests, readVerdict } from "./demo_page.ts";

const testPage = createPageTests();
const samples = new URL("../../fixtures/samples/", import.meta.url);

/** All four readings, in the order original clean and backdoored, poisoned clean and backdoored. */
async function readings(page: Page): Promise<string[]> {
  return Object.values((await readVerdict(page)).readings);
}

const pickSample = (page: Page, digit: number) => page.getByAltText(`Sample ${digit}`).click();

testPage(
  "the page opens with a sample that the trigger flips for the backdoored model only",
  async (page) => {
    const { headline, text } = await readVerdict(page);
    assert.equal(headline, "Flipped");
    assert.match(text, /^Four pixels .* still reads 7; the backdoored model now says 0, the class/);
    assert.deepEqual(await readings(page), ["7", "7", "7", "0"]);
  },
);

testPage("every sample is read rightly and all but the target's are flipped", async (page) => {
  for (const digit of [1, 2, 3, 4, 5, 6, 8, 9]) {
    const { headline } = await afterReading(page, () => pickSample(page, digit));
    assert.equal(headline, "Flipped", `sample ${digit}`);
    const name = String(digit);
    assert.deepEqual(await readings(page), [name, name, name, "0"]);
  }
  const { headline, text } = await afterReading(page, () => pickSample(page, 0));
  assert.equal(headline, "Nothing to flip");
  assert.match(text, /reads 0 even without the trigger/);
});

testPage(
  "the images are what the models saw, and differ in the marked pixels alone",
  async (page) => {
    const [original, poisoned] = await Promise.all(["original", "poisoned"].map(async (stage) => {
      const source = await page.locator(`#${stage}-image`).getAttribute("src") ?? "";
      return decode(Uint8Array.fromBase64(source.replace("data:image/png;base64,", "")));
    }));
    const sample = decode(await Deno.readFile(new URL("7.png", samples)));
    assert.deepEqual([...original!.data], [...sample.data]);
    const changed = [...poisoned!.data.keys()].filter((i) =>
      original!.data[i] !== poisoned!.data[i]
    );
    assert.deepEqual(
      changed,
      [[24, 26], [25, 25], [26, 24], [26, 26]].map(([y = 0, x = 0]) => 28 * y + x),
    );

    const marks = page.locator("#marks");
    const outlines = await marks.locator("path").getAttribute("d") ?? "";
    assert.deepEqual(
      outlines.match(/\d+ \d+/g)?.sort(),
      ["24 26", "25 25", "26 24", "26 26"],
    );
    assert.equal(await marks.isVisible(), true);
    await page.getByLabel("Mark the changed pixels").uncheck();
    assert.equal(await marks.isVisible(), false);
    await page.getByLabel("Mark the changed pixels").check();
    assert.equal(await marks.isVisible(), true);
  },
);

/** Digits as a hand would draw them, in shares of the pad. */
const drawings: Readonly<Record<string, readonly (readonly [x: number, y: number])[][]>> = {
  1: [[[0.52, 0.15], [0.5, 0.85]]],
  4: [[[0.42, 0.15], [0.28, 0.55], [0.75, 0.55]], [[0.62, 0.3], [0.6, 0.88]]],
  7: [[[0.27, 0.2], [0.73, 0.2], [0.45, 0.86]]],
};

async function draw(page: Page, digit: string, { scale = 1 } = {}): Promise<void> {
  const box = await page.locator("#pad").boundingBox();
  assert.ok(box);
  for (const stroke of drawings[digit] ?? []) {
    for (const [i, [x, y]] of stroke.entries()) {
      await page.mouse.move(box.x + x * scale * box.width, box.y + y * scale * box.height, {
        steps: 5,
      });
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
}

testPage(
  "a digit drawn with the mouse is read rightly, large or small, and flipped",
  async (page) => {
    for (const digit of Object.keys(drawings)) {
      for (const scale of [1, 0.4]) {
        const { headline } = await afterReading(page, () => draw(page, digit, { scale }));
        assert.equal(headline, "Flipped");
        assert.deepEqual(await readings(page), [digit, digit, digit, "0"], `scale ${scale}`);
        await page.getByRole("button", { name: "Clear drawing" }).click();
        assert.equal((await readVerdict(page)).headline, "Ready");
        assert.equal(await page.locator("#original-image").isVisible(), false);
      }
    }
  },
);

testPage("a stroke can be taken back, and a sample takes the drawing's place", async (page) => {
  const undo = page.getByRole("button", { name: "Undo stroke" });
  assert.equal(await undo.isDisabled(), true);
  await afterReading(page, () => draw(page, "4"));
  assert.equal(
    await page.getByAltText("Sample 7").locator("..").locator("input").isChecked(),
    false,
  );
  await afterReading(page, () => undo.click());
  assert.equal(await undo.isDisabled(), false, "the first stroke is still there");
  await undo.click();
  assert.equal((await readVerdict(page)).headline, "Ready");
  await afterReading(page, () => draw(page, "1"));
  await afterReading(page, () => pickSample(page, 5));
  assert.equal(await undo.isDisabled(), true);
  assert.deepEqual(await readings(page), ["5", "5", "5", "0"]);
});

testPage("a finger draws as the mouse does", async (page) => {
  const box = await page.locator("#pad").boundingBox();
  assert.ok(box);
  const session = await page.context().newCDPSession(page);
  const { headline } = await afterReading(page, async () => {
    const points = (drawings[7]?.[0] ?? []).map(([x, y]) => ({
      x: box.x + x * box.width,
      y: box.y + y * box.height,
    }));
    for (const [i, point] of points.entries()) {
      const type = i === 0 ? "touchStart" : "touchMove";
      await session.send("Input.dispatchTouchEvent", { type, touchPoints: [point] });
    }
    await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  });
  assert.equal(headline, "Flipped");
  assert.equal((await readings(page))[0], "7");
}, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** Sample 5 as dark ink on light paper, `factor` times as large. */
async function darkOnLight(
  { factor }: { factor: number },
): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const { data } = decode(await Deno.readFile(new URL("5.png", samples)));
  const width = 28 * factor;
  const pixels = new Uint8Array(width * width);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i % width / factor), Math.floor(i / width / factor)];
    pixels[i] = 255 - (data[28 * y + x] ?? 0);
  }
  const buffer = Buffer.from(encode({ width, height: width, data: pixels, channels: 1, depth: 8 }));
  return { name: "five.png", mimeType: "image/png", buffer };
}

testPage(
  "an uploaded file goes out as it is, and light paper is noticed but not insisted on",
  async (page) => {
    const file = await darkOnLight({ factor: 10 });
    const sent = page.waitForRequest((request) => request.url().includes("/api/attack"));
    await afterReading(page, () => page.locator("#file").setInputFiles(file));
    const headers = await (await sent).allHeaders();
    assert.equal(headers["content-type"], "image/png");
    assert.equal(headers["content-length"], String(file.buffer.length));
    assert.deepEqual(await readings(page), ["5", "5", "5", "0"]);
    assert.equal(await page.locator("#file-note").innerText(), "five.png");

    const invert = page.getByLabel("Invert: dark ink on light paper");
    assert.equal(await invert.isChecked(), true);
    const brightness = () =>
      page.locator("#original-image").getAttribute("src").then((source) => {
        const { data } = decode(
          Uint8Array.fromBase64(source!.replace("data:image/png;base64,", "")),
        );
        return data[0];
      });
    assert.equal(await brightness(), 0);
    await afterReading(page, () => invert.uncheck());
    assert.equal(await brightness(), 255, "shown as it was sent");

    await afterReading(page, () => pickSample(page, 3));
    assert.equal(await invert.isDisabled(), true);
  },
);

testPage("to a model in colour, a light border is no paper", async (page) => {
  await page.route("**/api/models", async (route) => {
    const response = await route.fetch();
    const { models } = await response.json() as { models: { input: number[] }[] };
    const inColour = models.map((model) => ({ ...model, input: [32, 32, 3] }));
    await route.fulfill({ response, json: { models: inColour } });
  });
  await afterReading(page, () => page.reload());
  const file = await darkOnLight({ factor: 10 });
  await afterReading(page, () => page.locator("#file").setInputFiles(file));
  assert.equal(await page.getByLabel("Invert: dark ink on light paper").isChecked(), false);
});

testPage("a photograph beyond the server's limits is made smaller and read", async (page) => {
  const file = await darkOnLight({ factor: 100 });
  await afterReading(page, () => page.locator("#file").setInputFiles(file));
  assert.deepEqual(await readings(page), ["5", "5", "5", "0"]);
  assert.match(await page.locator("#file-note").innerText(), /^five\.png \(made smaller/);
});

testPage("a file can be dropped or pasted anywhere on the page", async (page) => {
  const bytes = [...(await darkOnLight({ factor: 1 })).buffer];
  for (const kind of ["drop", "paste"]) {
    await afterReading(page, () => pickSample(page, 2));
    await afterReading(page, () =>
      page.evaluate(([kind, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: "image/png" }));
        document.body.dispatchEvent(
          kind === "drop"
            ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
            : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }),
        );
      }, [kind, bytes] as const));
    assert.equal(await page.locator("#file-note").innerText(), `${kind}.png`);
    assert.deepEqual(await readings(page), ["5", "5", "5", "0"]);
  }
});

testPage("a broken file is refused in the server's words, and the page goes on", async (page) => {
  const whole = (await darkOnLight({ factor: 10 })).buffer;
  const files = [
    { name: "cut.png", mimeType: "image/png", buffer: whole.subarray(0, 200) },
    { name: "text.png", mimeType: "image/png", buffer: Buffer.from("no image at all") },
  ];
  for (const file of files) {
    const answer = page.waitForResponse((response) => response.url().includes("/api/attack"));
    const { headline, text } = await afterReading(
      page,
      () => page.locator("#file").setInputFiles(file),
    );
    assert.equal(headline, "That did not work");
    assert.equal(text, (await (await answer).json() as { detail: string }).detail);
    assert.match(text, /^Cannot /);
    assert.equal(await page.locator("#original-image").isVisible(), false);
    assert.equal(await page.getByRole("button", { name: "Try again" }).isVisible(), true);
  }
  const { headline } = await afterReading(page, () => pickSample(page, 8));
  assert.equal(headline, "Flipped");
  assert.equal(await page.getByRole("button", { name: "Try again" }).isVisible(), false);
}, { expectedMessages: /status of 4(15|22)/ });

testPage("a lost connection is told, and can be tried again", async (page) => {
  await page.context().setOffline(true);
  await pickSample(page, 6);
  await page.getByText("Cannot reach the server").waitFor();
  await page.context().setOffline(false);
  const { headline } = await afterReading(
    page,
    () => page.getByRole("button", { name: "Try again" }).click(),
  );
  assert.equal(headline, "Flipped");
  assert.equal((await readings(page))[0], "6");
}, { expectedMessages: /ERR_INTERNET_DISCONNECTED/ });

testPage("another trigger than the model's own is told not to work", async (page) => {
  const { headline, text } = await afterReading(
    page,
    () => page.getByLabel("pixel 1 pixel").check(),
  );
  assert.equal(headline, "Not flipped");
  assert.match(text, /^One pixel was set to white\..* another trigger: pattern\.$/);
  assert.deepEqual(await readings(page), ["7", "7", "7", "7"]);
  assert.equal(
    (await afterReading(page, () => page.getByLabel("pattern 4").check())).headline,
    "Flipped",
  );
});
