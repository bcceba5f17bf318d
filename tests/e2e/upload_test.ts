import assert from "node:assert/strict";
import { decode, encode } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import type { Page } from "playwright-core";
import { exif, exifSegment, insert } from "../lib/image/build_jpeg.ts";
import { concat } from "../lib/image/build_png.ts";
import { afterReading, afterStamp, createPageTests, pickSample, readings } from "./demo_page.ts";

const testPage = createPageTests();
const samples = new URL("../../fixtures/samples/", import.meta.url);

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
    await afterStamp(page, () => page.locator("#file").setInputFiles(file));
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
  await afterStamp(page, () => page.locator("#file").setInputFiles(file));
  assert.deepEqual(await readings(page), ["5", "5", "5", "0"]);
  assert.match(await page.locator("#file-note").innerText(), /^five\.png \(made smaller/);
});

testPage("a file can be dropped or pasted anywhere on the page", async (page) => {
  const bytes = [...(await darkOnLight({ factor: 1 })).buffer];
  for (const kind of ["drop", "paste"]) {
    await afterReading(page, () => pickSample(page, 2));
    await afterStamp(page, () =>
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
    assert.equal(await page.getByText("No image yet").isVisible(), true);
    assert.equal(await page.locator("#stamp").isDisabled(), true);
    assert.equal(await page.getByRole("button", { name: "Try again" }).isVisible(), true);
  }
  const { headline } = await afterStamp(page, () => pickSample(page, 8));
  assert.equal(headline, "Flipped");
  assert.equal(await page.getByRole("button", { name: "Try again" }).isVisible(), false);
}, { expectedMessages: /status of 4(15|22)/ });

/** Sample 5 as ink of a shade on a transparent page, `factor` times as large. */
async function inkOnTransparent(
  { shade, factor }: { shade: number; factor: number },
): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const { data } = decode(await Deno.readFile(new URL("5.png", samples)));
  const width = 28 * factor;
  const pixels = new Uint8Array(width * width * 4).fill(shade);
  for (let i = 0; i < width * width; i++) {
    const [x, y] = [Math.floor(i % width / factor), Math.floor(i / width / factor)];
    pixels[4 * i + 3] = data[28 * y + x] ?? 0;
  }
  const png = encode({ width, height: width, data: pixels, channels: 4, depth: 8 });
  return { name: "ink.png", mimeType: "image/png", buffer: Buffer.from(png) };
}

const upload = (page: Page, file: Awaited<ReturnType<typeof darkOnLight>>) =>
  afterStamp(page, () => page.locator("#file").setInputFiles(file));

testPage(
  "ink on a transparent page is classified rightly, dark or light, small or large",
  async (page) => {
    for (const factor of [10, 80]) {
      for (const [shade, isDark] of [[0, true], [255, false]] as const) {
        await upload(page, await inkOnTransparent({ shade, factor }));
        assert.deepEqual(await readings(page), ["5", "5", "5", "0"], `${shade}, ${factor}`);
        assert.equal(await page.locator("#invert").isChecked(), isDark);
      }
    }
    assert.match(await page.locator("#file-note").innerText(), /made smaller/);
  },
);

testPage(
  "a photograph is upright whether it is small enough to be sent as it is or not",
  async (page) => {
    const { data } = decode(await Deno.readFile(new URL("5.png", samples)));
    const width = 140;
    const rgba = new Uint8Array(width * width * 4).fill(255);
    for (let y = 0; y < width; y++) {
      for (let x = 0; x < width; x++) {
        // Stored turned by a quarter: its first row belongs at the right.
        const [row, column] = [Math.floor(x / 5), 27 - Math.floor(y / 5)];
        rgba.fill(255 - data[28 * row + column]!, 4 * (y * width + x), 4 * (y * width + x) + 3);
      }
    }
    const stored = new Uint8Array(encodeJpeg({ width, height: width, data: rgba }, 90).data);
    const small = insert(stored, exifSegment(exif("MM", { value: 6 })));
    const large = concat([small, new Uint8Array(1 << 20)]);
    for (const bytes of [small, large]) {
      await upload(page, { name: "a.jpg", mimeType: "image/jpeg", buffer: Buffer.from(bytes) });
      assert.deepEqual(await readings(page), ["5", "5", "5", "0"], `${bytes.length} bytes`);
    }
  },
);
