import assert from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "../../../../lib/core/types.ts";
import { profileFromJson, profileToJson } from "../../../../lib/defence/input/mod.ts";
import { bytesOf, floatsOf, numberOf } from "../../../../lib/defence/input/profile.ts";

const names = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");

const profiles = fc.record({
  defence: fc.string(),
  image: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
  classes: fc.nat(),
  numbers: fc.dictionary(names, fc.double({ noNaN: true, noDefaultInfinity: true })),
  arrays: fc.dictionary(names, fc.oneof(fc.float32Array(), fc.uint8Array())),
});

Deno.test("a profile comes back from JSON to the bit", () =>
  fc.assert(fc.property(profiles, (profile) => {
    const { numbers, arrays, ...rest } = profileFromJson(
      JSON.parse(JSON.stringify(profileToJson(profile))),
    );
    const { numbers: before, arrays: arraysBefore, ...restBefore } = profile;
    assert.deepEqual(rest, restBefore);
    assert.deepEqual(Object.entries(numbers), Object.entries(before).map(([n, v]) => [n, v + 0]));
    const bits = (of: typeof arrays) =>
      Object.entries(of).map(([name, array]) => [
        ...[name, array.constructor.name],
        ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      ]);
    assert.deepEqual(bits(arrays), bits(arraysBefore));
  })));

Deno.test("what is no profile is refused", () => {
  const profile = { defence: "strip", image: [1, 2, 1], classes: 2, numbers: {}, arrays: {} };
  assert.deepEqual(profileFromJson(profile), profile);
  const refused: readonly Json[] = [
    ...[null, 3, [], {}],
    { ...profile, defence: 1 },
    { ...profile, image: [1, 2] },
    { ...profile, classes: "2" },
    { ...profile, numbers: null },
    { ...profile, numbers: { rate: "1" } },
    { ...profile, arrays: { means: [1, 2] } },
    { ...profile, arrays: { means: { type: "float64", base64: "" } } },
    { ...profile, arrays: { means: { type: "float32", base64: "AAA=" } } },
    { ...profile, arrays: { means: { type: "uint8", base64: "?" } } },
  ];
  for (const json of refused) {
    assert.throws(() => profileFromJson(json), {
      name: "IntegrityError",
      message: /^Cannot read a defence's profile: it must have .* calibrate the defence again$/,
    }, JSON.stringify(json));
  }
});

Deno.test("what is missing in a profile is named", () => {
  const profile = {
    ...{ defence: "strip", image: [1, 1, 1] as const, classes: 2, numbers: { rate: 0.5 } },
    arrays: { bytes: Uint8Array.of(1), floats: Float32Array.of(1, 2) },
  };
  assert.equal(numberOf(profile, "rate"), 0.5);
  assert.deepEqual(bytesOf(profile, "bytes"), Uint8Array.of(1));
  assert.deepEqual(floatsOf(profile, "floats", 2), Float32Array.of(1, 2));
  const missing = (what: string) => ({
    name: "IntegrityError",
    message: `Cannot use the profile of strip: it must have ${what}, got none; ` +
      "calibrate the defence again",
  });
  assert.throws(() => numberOf(profile, "seed"), missing("number seed"));
  assert.throws(() => bytesOf(profile, "floats"), missing("bytes floats"));
  assert.throws(() => floatsOf(profile, "bytes"), missing("float32 values bytes"));
  assert.throws(() => floatsOf(profile, "floats", 3), missing("3 float32 values floats"));
});
