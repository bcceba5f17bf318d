import assert from "node:assert/strict";
import { experimentNames, makeReport, renderPage } from "../../../lib/report/mod.ts";
import { fakeBadnets, fakeCleanLabel } from "./fake_results.ts";

Deno.test("a page is made from JSON alone, the same each time", () => {
  const text = JSON.stringify(fakeBadnets());
  const page = () => renderPage(makeReport(JSON.parse(text)));
  assert.equal(page(), page());
});

Deno.test("a page needs nothing but itself", () => {
  const page = renderPage(makeReport(fakeBadnets()));
  assert.match(page, /^<!DOCTYPE html>\n<html lang="en">/);
  // The names of XML's own name spaces are no addresses, and links load nothing.
  const addresses = page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")
    .replaceAll(/<a href="[^"]*">/g, "");
  assert.doesNotMatch(addresses, /https?:|<script|<link|<img|url\(/);
});

Deno.test("a page has the tally, each figure's verdict and each model's command", () => {
  const results = fakeBadnets();
  const page = renderPage(makeReport(results));
  assert.match(page, /<strong>12 of 15<\/strong> rows reproduced, from 188 trained models/);
  assert.equal(page.match(/class="verdict reproduced"/g)?.length, 12);
  assert.equal(page.match(/class="verdict not-reproduced"/g)?.length, 2);
  for (const { command } of results.cells) assert.ok(page.includes(`<code>${command}</code>`));
  assert.doesNotMatch(page, /Quick run|Not complete|undefined|NaN/);
});

Deno.test("a page says what it is not", () => {
  const page = renderPage(makeReport({ ...fakeBadnets(), quick: true, missing: ["a", "b"] }));
  assert.match(page, /<title>BadNets on MNIST \(quick\)<\/title>/);
  assert.match(page, /its figures say nothing about the paper/);
  assert.doesNotMatch(page, /class="verdict (reproduced|close|not-reproduced)"|rows reproduced/);
  assert.match(page, /Not complete: 2 of 190 models are not trained yet\./);
});

Deno.test("text is text, whatever is in it", () => {
  const results = fakeBadnets();
  const cells = [{ ...results.cells[0]!, command: "deno task train --name <b>&" }];
  const page = renderPage(makeReport({ ...results, cells }));
  assert.ok(page.includes("--name &lt;b&gt;&amp;"));
});

Deno.test("a page links to its paper, to its own sections and to the reports beside it", () => {
  const page = renderPage(makeReport(fakeBadnets()), { beside: experimentNames });
  const links = [...page.matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href!);
  assert.deepEqual(links.filter((href) => !href.startsWith("#")), [
    ...["https://arxiv.org/abs/1708.06733", "article.html", "clean-label.html"],
  ]);
  const ids = [...page.matchAll(/<h2 id="([^"]*)">/g)].map(([, id]) => `#${id}`);
  assert.equal(new Set(ids).size, page.match(/<h2/g)?.length);
  assert.deepEqual(links.filter((href) => href.startsWith("#")), ids);
  assert.doesNotMatch(renderPage(makeReport(fakeCleanLabel())), /badnets\.html|Other reports/);
});

Deno.test("a page states the rule of each verdict in its row, once", () => {
  const { comparisons } = makeReport(fakeBadnets());
  const page = renderPage(makeReport(fakeBadnets()));
  assert.ok(comparisons.every(({ rule }) => rule !== ""));
  for (const rule of new Set(comparisons.map(({ rule }) => rule))) {
    const rows = comparisons.filter((row) => row.rule === rule);
    assert.equal(page.split(`<small>${rule}</small>`).length - 1, rows.length, rule);
  }
});

Deno.test("a quick run's page says what to expect of a pixel, and nothing of verdicts", () => {
  const page = renderPage(makeReport({ ...fakeBadnets(), quick: true }));
  assert.match(
    page,
    /class="warning">.*By the pixel, a backdoor error of some 96 % .*is expected here/s,
  );
  assert.doesNotMatch(page, /reproduced:/);
  assert.doesNotMatch(renderPage(makeReport(fakeBadnets())), /is expected here/);
});
