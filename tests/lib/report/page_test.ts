import assert from "node:assert/strict";
import { makeReport, renderPage } from "../../../lib/report/mod.ts";
import { fakeBadnets } from "./fake_results.ts";

Deno.test("a page is made from JSON alone, the same each time", () => {
  const text = JSON.stringify(fakeBadnets());
  const page = () => renderPage(makeReport(JSON.parse(text)));
  assert.equal(page(), page());
});

Deno.test("a page needs nothing but itself", () => {
  const page = renderPage(makeReport(fakeBadnets()));
  assert.match(page, /^<!DOCTYPE html>\n<html lang="en">/);
  // The names of XML's own name spaces are no addresses.
  const addresses = page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
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
  assert.match(page, /Not complete: not trained yet are 2 of 190 models/);
});

Deno.test("text is text, whatever is in it", () => {
  const results = fakeBadnets();
  const cells = [{ ...results.cells[0]!, command: "deno task train --name <b>&" }];
  const page = renderPage(makeReport({ ...results, cells }));
  assert.ok(page.includes("--name &lt;b&gt;&amp;"));
});
