import assert from "node:assert/strict";
import { parseAnswer } from "../../../scripts/bench/answer.ts";

Deno.test("an answer is the last line, whatever a library printed before", () => {
  const line = '{"figures": {"training": 1200.5}, "about": {"version": "PyTorch 2"}}';
  assert.deepEqual(parseAnswer(`oneDNN is on\n${line}\n`), {
    figures: { training: 1200.5 },
    about: { version: "PyTorch 2" },
  });
  assert.deepEqual(parseAnswer('{"figures": {}}'), { figures: {}, about: {} });
});

const broken: readonly [what: string, output: string][] = [
  ["nothing", ""],
  ["no JSON", "Traceback (most recent call last):"],
  ["another document", '{"training": 3}'],
  ["a figure that is no number", '{"figures": {"training": "fast"}}'],
  ["a figure that is not finite, as Python writes it", '{"figures": {"training": NaN}}'],
  ["a figure beyond all numbers", '{"figures": {"training": 1e999}}'],
];
for (const [what, output] of broken) {
  Deno.test(`${what} is no answer`, () => {
    assert.throws(() => parseAnswer(output), /Cannot read a measurement: the last line must be/);
  });
}
