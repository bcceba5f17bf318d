import assert from "node:assert/strict";
import {
  between,
  integer,
  listOf,
  oneOf,
  percentage,
  positive,
  share,
  text,
} from "../../../scripts/cli/arguments.ts";

Deno.test("an integer is digits alone, within its range", () => {
  const parse = integer(1, 12);
  assert.deepEqual(["1", "7", "12", "007"].map(parse), [1, 7, 12, 7]);
  for (const text of ["0", "13", "-1", "+1", "1.0", "1e1", "0x1", "", " 1", "one"]) {
    assert.throws(() => parse(text), /^.*It must be an integer from 1 to 12\.$/, text);
  }
});

Deno.test("a share is above 0 and at most 1", () => {
  assert.deepEqual(["0.1", ".33", "1e-3", "1"].map(share), [0.1, 0.33, 0.001, 1]);
  for (const text of ["0", "1.1", "-0.1", "10%", "", " ", "NaN"]) {
    assert.throws(() => share(text), /It must be above 0 and at most 1\./, text);
  }
});

Deno.test("a number of a range may be either end of it", () => {
  const parse = between(0, 1);
  assert.deepEqual(["0", "0.5", "1"].map(parse), [0, 0.5, 1]);
  for (const text of ["-0.1", "1.01", "", " ", "x"]) {
    assert.throws(() => parse(text), /It must be a number from 0 to 1\./, text);
  }
});

Deno.test("a positive number is above 0 and finite", () => {
  assert.deepEqual(["2.5", "1e-3", "10"].map(positive), [2.5, 0.001, 10]);
  for (const text of ["0", "-1", "", " ", "Infinity", "x"]) {
    assert.throws(() => positive(text), /It must be a number above 0\./, text);
  }
});

Deno.test("a word is one of those there are, as they are spelt", () => {
  const parse = oneOf(["pixel", "pattern"]);
  assert.equal(parse("pattern"), "pattern");
  for (const text of ["Pattern", "pat", ""]) {
    assert.throws(() => parse(text), /It must be one of pixel, pattern\./, text);
  }
});

Deno.test("a list is of values by commas, each once, and none that is refused alone", () => {
  const parse = listOf(integer(0, 9));
  assert.deepEqual(["3", "0,9", "1,1,2"].map(parse), [[3], [0, 9], [1, 2]]);
  for (const text of ["", "1,", "1;2", "1,10"]) {
    assert.throws(() => parse(text), /from 0 to 9/, text);
  }
});

Deno.test("a text is anything but nothing", () => {
  assert.equal(text("baseline"), "baseline");
  assert.throws(
    () => listOf(text)("baseline,"),
    /It must not be empty, nor have a comma too many\./,
  );
});

Deno.test("a percentage is above 0 and at most 100", () => {
  assert.deepEqual(["1.5", "100"].map(percentage), [1.5, 100]);
  for (const text of ["0", "101", "-1", "", "5%"]) {
    assert.throws(() => percentage(text), /above 0 and at most 100/, text);
  }
});
