import assert from "node:assert/strict";
import { replaceSection } from "../../../scripts/bench/benchmarks_file.ts";
import { benchNetworks } from "../../../scripts/bench/training_task.ts";

const text =
  "# Title\n\n<!-- a -->\n\nold\n\n<!-- end of a -->\n\nby hand\n\n<!-- b -->\n<!-- end of b -->\n";

Deno.test("a section is replaced between its markers, and nothing else is touched", () => {
  const once = replaceSection(text, "a", "new");
  assert.equal(once, text.replace("old", "new"));
  assert.equal(replaceSection(once, "a", "new"), once);
  assert.equal(
    replaceSection(text, "b", "new"),
    text.replace("<!-- b -->\n", "<!-- b -->\n\nnew\n\n"),
  );
});

Deno.test("contents with a dollar sign are taken as they are", () => {
  assert.equal(replaceSection(text, "a", "$& $1"), text.split("old").join("$& $1"));
});

Deno.test("a section without a place is refused", () => {
  assert.throws(() => replaceSection(text, "c", ""), /must have the lines <!-- c --> and <!-- end/);
});

Deno.test("BENCHMARKS.md has a place for each section", async () => {
  const file = await Deno.readTextFile(new URL("../../../BENCHMARKS.md", import.meta.url));
  const names = [
    ...["bench kernels", "bench operations", "bench networks"],
    "bench:train end to end",
    ...Object.keys(benchNetworks).flatMap((network) => [
      `bench:train ${network}`,
      `bench:scale ${network}`,
    ]),
  ];
  for (const name of names) assert.notEqual(replaceSection(file, name, "new"), file);
});
