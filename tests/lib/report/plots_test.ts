import assert from "node:assert/strict";
import { curves, filterGrid } from "../../../lib/report/plots.ts";

Deno.test("curves carry their names and spread, names apart from each other", () => {
  const points = ["a", "b"].flatMap((series) =>
    [0.1, 0.5].map((x) => ({ series, x, y: 0.5, least: 0.4, most: 0.6 }))
  );
  const options = { x: "share", y: "success", title: "A title", series: ["a", "b"], points };
  const svg = curves({ ...options, isWhole: true });
  assert.match(svg, /^<svg [^>]*aria-label="A title"/);
  assert.equal(svg.match(/aria-label=/g)?.length, 1, "it is one image with one name");
  assert.match(svg, /xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.equal(svg.match(/<circle/g)?.length, 4);
  const names = [...svg.matchAll(/translate\([\d.]+,([\d.]+)\)"[^>]*>(a|b)</g)];
  const [first, second] = names.map(([, y]) => Number(y));
  assert.ok(Math.abs(first! - second!) > 12, `got ${first} and ${second}`);
});

Deno.test("names stay within the drawing, however many curves end at its edges", () => {
  const series = ["a", "b", "c", "d"];
  for (const y of [0, 0.98, 1]) {
    const points = series.map((series) => ({ series, x: 0.5, y }));
    const svg = curves({
      ...{ x: "share", y: "success", title: "A title" },
      series,
      points,
      isWhole: true,
    });
    const names = [...svg.matchAll(/translate\([\d.]+,([-\d.]+)\)"[^>]*>[abcd]</g)];
    const places = names.map(([, y]) => Number(y)).sort((a, b) => a - b);
    assert.equal(places.length, 4);
    assert.ok(places[0]! >= 40 && places[3]! <= 460 - 50, `${places}`);
    places.slice(1).forEach((place, i) => assert.ok(place - places[i]! > 12, `${places}`));
  }
});

Deno.test("filters are drawn pixel by pixel", () => {
  const filters = Array.from({ length: 4 }, () => Array.from({ length: 9 }, (_, i) => i - 4));
  const svg = filterGrid({ title: "Filters", filters, size: 3, most: 4 });
  assert.equal(svg.match(/<rect/g)?.length, 36);
});
