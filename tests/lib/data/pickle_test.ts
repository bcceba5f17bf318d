import assert from "node:assert/strict";
import fc from "fast-check";
import { IntegrityError } from "../../../lib/core/errors.ts";
import { readPickle } from "../../../lib/data/pickle.ts";
import { pythonBatch } from "./python_batch.ts";

function read(...bytes: (number | string)[]) {
  const codes = bytes.flatMap((each) => typeof each === "number" ? [each] : [...each].map(code));
  return readPickle(Uint8Array.from([0x80, 2, ...codes]), { name: "file" });
}

function code(letter: string): number {
  return letter.charCodeAt(0);
}

/** As `pickle.dumps(…, protocol=2)` of Python's library writes them. */
const cases: readonly [name: string, bytes: (number | string)[], value: unknown][] = [
  ["None", ["N."], null],
  ["True", [0x88, "."], true],
  ["255", ["K", 255, "."], 255],
  ["65,535", ["M", 0xff, 0xff, "."], 65535],
  ["-1", ["J", 0xff, 0xff, 0xff, 0xff, "."], -1],
  ["a string", ["U", 2, "ab."], "ab"],
  ["an empty list", ["]q", 0, "."], []],
  ["a list of one", ["]q", 0, "K", 1, "a."], [1]],
  ["a list", ["]q", 0, "(K", 1, "K", 2, "e."], [1, 2]],
  ["a tuple", ["(K", 1, "K", 2, "K", 3, "K", 4, "tq", 0, "."], [1, 2, 3, 4]],
  ["a pair", ["K", 1, "K", 2, 0x86, "q", 0, "."], [1, 2]],
  ["an empty tuple", [")."], []],
  ["a dictionary of one", ["}q", 0, "U", 1, "aK", 1, "s."], new Map([["a", 1]])],
  [
    "a dictionary",
    ["}q", 0, "(U", 1, "aK", 1, "U", 1, "bK", 2, "u."],
    new Map([["a", 1], ["b", 2]]),
  ],
  ["what stands there twice", ["]q", 5, "h", 5, 0x86, "."], [[], []]],
];
for (const [name, bytes, value] of cases) {
  Deno.test(`a pickle of ${name} is read`, () => assert.deepEqual(read(...bytes), value));
}

Deno.test("an object is described, not made", () => {
  assert.deepEqual(read("cos\nsystem\nU", 2, "ls", 0x85, "RNb."), {
    made: "os.system",
    args: ["ls"],
    state: null,
  });
});

Deno.test("a string longer than a name is bytes", () => {
  const long = "é".repeat(256);
  const bytes = read("T", 0, 1, 0, 0, long, ".");
  assert.deepEqual(bytes, new Uint8Array(256).fill(0xe9));
});

const broken: readonly [name: string, bytes: (number | string)[], message: RegExp][] = [
  ["without an end", ["N"], /at byte 3, .* got its end;/],
  ["cut within a number", ["J", 1], /at byte 4, .* got its end;/],
  ["cut within a string", ["U", 9, "abc"], /got its end;/],
  ["cut within a name", ["cos"], /got its end;/],
  ["of a large integer", [0x8a, 1, 1, "."], /at byte 2, .* got instruction 0x8a;/],
  ["of an extension", [0x82, 1, "."], /got instruction 0x82;/],
  ["that ends with nothing", ["."], /an instruction without operands/],
  ["that appends to a number", ["K", 1, "K", 2, "a."], /does not fit its operand/],
  ["that calls a string", ["U", 2, "ls)R."], /a call of no name/],
  ["that recalls nothing", ["h", 3, "."], /a reference to nothing/],
  ["that has lost its mark", ["K", 1, "t."], /without a mark/],
];
for (const [name, bytes, message] of broken) {
  Deno.test(`a pickle ${name} is refused`, () => {
    assert.throws(() => read(...bytes), (error: unknown) => {
      assert(error instanceof IntegrityError);
      assert.match(error.message, /^Cannot read file: /);
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("another protocol is refused", () => {
  const bytes = Uint8Array.of(0x80, 4, 0x4e, 0x2e);
  assert.throws(() => readPickle(bytes, { name: "file" }), /got protocol 4/);
});

Deno.test("whatever becomes of a batch's bytes, it is read or refused", () => {
  const whole = pythonBatch({ labels: [1, 2], values: new Uint8Array(300).fill(7) });
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 }),
    fc.nat(whole.length),
    (changes, length) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        readPickle(bytes.slice(0, length), { name: "file" });
      } catch (error) {
        assert(error instanceof IntegrityError, String(error));
      }
    },
  ));
});
