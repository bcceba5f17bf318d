import assert from "node:assert/strict";
import {
  completeNumbers,
  describeRange,
  isWithin,
  type Parameter,
} from "../../../lib/core/parameter.ts";

const count: Parameter = { type: "integer", description: "a count", default: 2, minimum: 1 };
const share: Parameter = {
  type: "number",
  description: "a share",
  default: 0.5,
  exclusiveMinimum: 0,
  maximum: 1,
};

Deno.test("a range is described in words", () => {
  assert.deepEqual([count, share, { ...count, maximum: 9 }].map(describeRange), [
    "an integer from 1",
    "a number above 0 and up to 1",
    "an integer from 1 to 9",
  ]);
});

Deno.test("a number is within its range, and of its type", () => {
  assert.deepEqual([0, 1, 1.5, NaN, Infinity].map((value) => isWithin(value, count)), [
    ...[false, true, false, false, false],
  ]);
  assert.deepEqual([0, 0.01, 1, 1.01].map((value) => isWithin(value, share)), [
    ...[false, true, true, false],
  ]);
});

Deno.test("numbers are completed by defaults; others are left out, and one out of range is refused", () => {
  assert.deepEqual(completeNumbers({ count, share }, { share: 1, other: 3 }, "Cannot"), {
    count: 2,
    share: 1,
  });
  assert.throws(() => completeNumbers({ count }, { count: 0 }, "Cannot make it"), {
    name: "RangeError",
    message: "Cannot make it: count must be an integer from 1, got 0",
  });
});
