/** JPEGs of every kind against libjpeg-turbo, by Pillow: the same samples, not nearly the same. */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { decodeJpeg } from "../../../lib/image/jpeg.ts";

const script = fileURLToPath(new URL("./decode_with_pillow.py", import.meta.url));

/** Sizes around those of blocks and units, and any others. */
const side = fc.oneof(
  fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33),
  fc.integer({ min: 1, max: 90 }),
);

const restarts = fc.oneof(
  fc.constant({}),
  fc.record({ restart_marker_blocks: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ restart_marker_rows: fc.integer({ min: 1, max: 3 }) }),
);

/** What `decode_with_pillow.py` reads. Turned, 4:2:2 becomes 4:4:0, and 4:1:1 the same upright. */
const cases = fc.record({
  width: side,
  height: side,
  seed: fc.nat(),
  kind: fc.constantFrom("noise", "waves", "edge"),
  options: fc.tuple(
    fc.record({
      quality: fc.integer({ min: 1, max: 100 }),
      progressive: fc.boolean(),
      optimize: fc.boolean(),
    }),
    restarts,
  ).map(([options, restarts]) => ({ ...options, ...restarts })),
  coding: fc.oneof(
    fc.record({
      mode: fc.constant("RGB"),
      isTurned: fc.boolean(),
      options: fc.record({ subsampling: fc.constantFrom("4:4:4", "4:2:2", "4:2:0", "4:1:1") }),
    }),
    fc.constantFrom(
      { mode: "L", isTurned: false, options: {} },
      { mode: "RGB", isTurned: false, options: { keep_rgb: true, subsampling: "4:4:4" } },
      { mode: "CMYK", isTurned: false, options: {} },
    ),
  ),
}).map(({ coding, options, ...image }) => ({
  ...image,
  ...coding,
  options: { ...options, ...coding.options },
}));

Deno.test("every JPEG comes out sample for sample as libjpeg-turbo has it, in colour and as luma", async () => {
  const python = Deno.env.get("EDGEDOOR_TEST_ART");
  assert.ok(python, "EDGEDOOR_TEST_ART must name a Python that has Pillow; deno task test sets it");
  const images = fc.sample(cases, 400);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/images.json`, JSON.stringify(images));
    const { success, stderr } = await new Deno.Command(python, {
      args: ["-W", "ignore", script, folder],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    for (const [i, image] of images.entries()) {
      const file = await Deno.readFile(`${folder}/${i}.jpg`);
      for (const [ending, luma] of [["raw", false], ["luma", true]] as const) {
        const { data } = decodeJpeg(file, { luma });
        const expected = await Deno.readFile(`${folder}/${i}.${ending}`);
        const name = `${JSON.stringify(image)}, ${ending}`;
        assert.equal(data.length, expected.length, name);
        const at = data.findIndex((sample, i) => sample !== expected[i]);
        assert.equal(at, -1, `${name}: ${data[at]} at ${at}, not ${expected[at]}`);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
