import assert from "node:assert/strict";
import { replaceSection } from "../../../lib/report/markdown.ts";

const text =
  "# Title\n\n<!-- a -->\n\nold\n\n<!-- end of a -->\n\nby hand\n\n<!-- b -->\n<!-- end of b -->\n";

Deno.test("a section is replaced between its markers, and nothing else is touched", () => {
  const once = replaceSection(text, { file: "A.md", name: "a" }, "new");
  assert.equal(once, text.replace("old", "new"));
  assert.equal(replaceSection(once, { file: "A.md", name: "a" }, "new"), once);
  assert.equal(
    replaceSection(text, { file: "A.md", name: "b" }, "new"),
    text.replace("<!-- b -->\n", "<!-- b -->\n\nnew\n\n"),
  );
});

Deno.test("contents with a dollar sign are taken as they are", () => {
  assert.equal(
    replaceSection(text, { file: "A.md", name: "a" }, "$& $1"),
    text.split("old").join("$& $1"),
  );
});

Deno.test("a section without a place is refused", () => {
  assert.throws(
    () => replaceSection(text, { file: "A.md", name: "c" }, ""),
    /A\.md must have the lines <!-- c --> and <!-- end/,
  );
});

Deno.test("no contents leave the markers alone", () => {
  const emptied = replaceSection(text, { file: "A.md", name: "a" }, "");
  assert.equal(emptied, text.replace("old\n\n", ""));
  assert.equal(replaceSection(emptied, { file: "A.md", name: "a" }, ""), emptied);
});
