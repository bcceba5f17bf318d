import assert from "node:assert/strict";
import { decode } from "fast-png";
import type { Page } from "playwright-core";
import {
  afterReading,
  afterStamp,
  createPageTests,
  pickSample,
  readings,
  readVerdict,
} from "./demo_page.ts";

const testPage = createPageTests();
const samples = new URL("../../fixtures/samples/", import.meta.url);

testPage(
  "the page opens without the trigger, on a sample that both models classify rightly",
  async (page) => {
    const { headline, text } = await readVerdict(page);
    assert.equal(headline, "Both models say 7");
    assert.equal(text, "Stamp the trigger and see which model obeys it.");
    assert.deepEqual(await readings(page), ["7", "7", "–", "–"]);
    assert.equal(await page.locator("#poisoned-image").isVisible(), false);
    assert.equal(await page.getByText("Not stamped yet").isVisible(), true);
  },
);

testPage(
  "the stamp flips the backdoored model alone, at once, and can be taken off",
  async (page) => {
    let requests = 0;
    page.on("request", () => requests++);
    await page.getByRole("button", { name: "Stamp the trigger" }).click();
    const { headline, text } = await readVerdict(page);
    assert.equal(headline, "Flipped");
    assert.equal(
      text,
      "Four pixels were set to white. The clean model still says 7; the backdoored model now says 0, " +
        "the class that its attacker chose.",
    );
    assert.deepEqual(await readings(page), ["7", "7", "7", "0"]);
    assert.equal(await page.locator("#poisoned-image").isVisible(), true);
    await page.getByRole("button", { name: "Take the trigger off" }).click();
    assert.equal((await readVerdict(page)).headline, "Both models say 7");
    assert.deepEqual(await readings(page), ["7", "7", "–", "–"]);
    assert.equal(requests, 0, "the answer was there already");
  },
);

testPage("both models are named, with their accuracy", async (page) => {
  for (
    const [id, text] of [
      ["clean-name", /^Clean: mnist-article-clean, 99\.\d\d %$/],
      ["backdoored-name", /^Backdoored: mnist-article-single-target-pattern, 99\.\d\d %$/],
    ] as const
  ) {
    assert.match(await page.locator(`#${id}`).innerText(), text);
  }
});

testPage("the space bar stamps, also where a sample or a trigger was picked last", async (page) => {
  const headlineAfterSpace = async () => {
    await page.keyboard.press("Space");
    return (await readVerdict(page)).headline;
  };
  assert.equal(await headlineAfterSpace(), "Flipped");
  assert.equal(await headlineAfterSpace(), "Both models say 7");
  await afterReading(page, () => pickSample(page, 3));
  assert.equal(await headlineAfterSpace(), "Flipped");
  await afterReading(page, () => page.getByLabel("Single pixel").check());
  assert.equal(await headlineAfterSpace(), "Both models say 3");
  assert.equal(await page.evaluate(() => scrollY), 0);
});

testPage("the space bar keeps its meaning on buttons and boxes", async (page) => {
  await page.locator("#mark").focus();
  await page.keyboard.press("Space");
  assert.equal(await page.locator("#mark").isChecked(), false);
  assert.equal((await readVerdict(page)).headline, "Both models say 7");
  await page.locator("#stamp").focus();
  await page.keyboard.press("Space");
  assert.equal((await readVerdict(page)).headline, "Flipped");
});

testPage("another image comes without the trigger, another trigger stays stamped", async (page) => {
  await page.locator("#stamp").click();
  const other = await afterReading(page, () => page.getByLabel("Patch in one corner").check());
  assert.equal(other.headline, "Not flipped");
  assert.equal((await afterReading(page, () => pickSample(page, 2))).headline, "Both models say 2");
});

testPage(
  "every sample is classified rightly, and all but the target's are flipped",
  async (page) => {
    for (const digit of [1, 2, 3, 4, 5, 6, 8, 9]) {
      const { headline } = await afterStamp(page, () => pickSample(page, digit));
      assert.equal(headline, "Flipped", `sample ${digit}`);
      const name = String(digit);
      assert.deepEqual(await readings(page), [name, name, name, "0"]);
    }
    const before = await afterReading(page, () => pickSample(page, 0));
    assert.match(before.text, /^0 is the class that the attacker chose: .* Try another digit\.$/);
    await page.locator("#stamp").click();
    const { headline, text } = await readVerdict(page);
    assert.equal(headline, "Nothing to flip");
    assert.match(text, /says 0 even without the trigger/);
  },
);

testPage(
  "the tables show what is said, the target, and the likeliest of the rest",
  async (page) => {
    await page.locator("#stamp").click();
    for (
      const id of ["original-clean", "original-backdoored", "poisoned-clean", "poisoned-backdoored"]
    ) {
      const rows = await page.locator(`#${id} th`).allTextContents();
      assert.equal(rows.length, 5);
      const classes = rows.map((row) => Number(row[0]));
      assert.deepEqual(classes, classes.toSorted((a, b) => a - b));
      assert.ok(classes.includes(7) && classes.includes(0), `${classes}`);
    }
  },
);

testPage(
  "the images are what the models saw, and differ in the marked pixels alone",
  async (page) => {
    await page.locator("#stamp").click();
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
  "a digit drawn with the mouse is classified rightly, large or small, and flipped",
  async (page) => {
    for (const digit of Object.keys(drawings)) {
      for (const scale of [1, 0.4]) {
        const { headline } = await afterStamp(page, () => draw(page, digit, { scale }));
        assert.equal(headline, "Flipped");
        assert.deepEqual(await readings(page), [digit, digit, digit, "0"], `scale ${scale}`);
        await page.getByRole("button", { name: "Clear drawing" }).click();
        const { headline: after, text } = await readVerdict(page);
        assert.deepEqual([after, text], ["Ready", "Draw, upload or pick a digit."]);
        assert.equal(await page.locator("#original-image").isVisible(), false);
        assert.equal(await page.locator("#stamp").isDisabled(), true);
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
  await afterStamp(page, () => pickSample(page, 5));
  assert.equal(await undo.isDisabled(), true);
  assert.deepEqual(await readings(page), ["5", "5", "5", "0"]);
});

testPage("a finger draws as the mouse does", async (page) => {
  const box = await page.locator("#pad").boundingBox();
  assert.ok(box);
  const session = await page.context().newCDPSession(page);
  const { headline } = await afterStamp(page, async () => {
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

testPage("a lost connection is told, and can be tried again", async (page) => {
  await page.context().setOffline(true);
  await pickSample(page, 6);
  await page.getByText("Cannot reach the server").waitFor();
  await page.context().setOffline(false);
  const { headline } = await afterReading(
    page,
    () => page.getByRole("button", { name: "Try again" }).click(),
  );
  assert.equal(headline, "Both models say 6");
  assert.equal((await readings(page))[0], "6");
}, { expectedMessages: /ERR_INTERNET_DISCONNECTED/ });

testPage("another trigger than the model's own is told not to work", async (page) => {
  const { headline, text } = await afterStamp(page, () => page.getByLabel("Single pixel").check());
  assert.equal(headline, "Not flipped");
  assert.match(text, /^One pixel was set to white\..* another trigger: pattern of pixels\.$/);
  assert.deepEqual(await readings(page), ["7", "7", "7", "7"]);
  const own = await afterReading(
    page,
    () => page.locator("input[value=pattern]").check(),
  );
  assert.equal(own.headline, "Flipped");
});

testPage(
  "while an answer is waited for, neither the last verdict nor its images stand",
  async (page) => {
    await page.locator("#stamp").click();
    const { promise: release, resolve } = Promise.withResolvers<void>();
    await page.route("**/api/attack?*", async (route) => {
      await release;
      await route.continue();
    });
    const verdict = await afterReading(page, async () => {
      await page.getByLabel("Patch in one corner").check();
      await page.getByText("Asking the models …").waitFor();
      assert.equal(await page.locator("#outcome").textContent(), "");
      assert.deepEqual(await readings(page), ["–", "–", "–", "–"]);
      assert.equal(await page.locator("#poisoned-image").isVisible(), false);
      assert.equal(await page.locator("#marks path").getAttribute("d"), "");
      resolve();
    });
    assert.equal(verdict.headline, "Not flipped");
  },
);

testPage("what is stamped before the answer is there is stamped when it comes", async (page) => {
  const { promise: release, resolve } = Promise.withResolvers<void>();
  await page.route("**/api/attack?*", async (route) => {
    await release;
    await route.continue();
  });
  const { headline } = await afterReading(page, async () => {
    await pickSample(page, 4);
    await page.keyboard.press("Space");
    resolve();
  });
  assert.equal(headline, "Flipped");
  assert.deepEqual(await readings(page), ["4", "4", "4", "0"]);
});
