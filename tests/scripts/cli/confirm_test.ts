import assert from "node:assert/strict";
import { confirm } from "../../../scripts/cli/confirm.ts";

/** A terminal at which somebody types this. */
function terminal(answer: string | null, isTerminal = true) {
  const written: string[] = [];
  return {
    written,
    isTerminal,
    write: (text: string) => void written.push(text),
    read: () => Promise.resolve(answer),
  };
}

for (const answer of ["y\n", "Y\n", " yes \n", "YES\r\n"]) {
  Deno.test(`${JSON.stringify(answer)} is a yes`, async () => {
    const person = terminal(answer);
    assert.equal(await confirm("Delete it?", person), true);
    assert.deepEqual(person.written, ["Delete it? [y/N] "]);
  });
}

for (const answer of ["\n", "n\n", "no\n", "yeah\n", "yn\n", null]) {
  Deno.test(`${JSON.stringify(answer)} is no yes`, async () => {
    assert.equal(await confirm("Delete it?", terminal(answer)), false);
  });
}

Deno.test("where nobody can answer, nothing is asked", async () => {
  const program = terminal("n\n", false);
  assert.equal(await confirm("Delete it?", program), true);
  assert.deepEqual(program.written, []);
});
