/**
 * Figures as SVG, by Observable Plot.
 *
 * @module
 */

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { formatCount, formatShare } from "../core/format.ts";

/** There is no browser here: the drawing's elements are made in a document of their own. */
const { document } = parseHTML("<html></html>");

/** A figure of each (row, column). */
export interface HeatMapOptions {
  /** What rows and columns are. */
  readonly rows: string;
  readonly columns: string;
  /** What is shown; for readers who cannot see it. */
  readonly title: string;
  /** Cells without a value are left out. */
  readonly values: readonly { row: number; column: number; value: number; text: string }[];
  /** The value of the strongest colour; the weakest is 0. */
  readonly most: number;
  readonly scheme: "blues" | "reds";
  /** Names of the rows and columns. */
  readonly labels: readonly string[];
}

/** Draws a table of coloured cells, the figure in each. */
export function heatMap(
  { rows, columns, title, values, most, scheme, labels }: HeatMapOptions,
): string {
  const domain = labels.map((_, index) => index);
  return draw({
    ariaLabel: title,
    width: 620,
    height: 560,
    padding: 0.04,
    marginLeft: 60,
    marginTop: 60,
    x: { label: columns, domain, tickFormat: (index: number) => labels[index]!, axis: "top" },
    y: { label: rows, domain, tickFormat: (index: number) => labels[index]! },
    // The square root shows what is small beside what has failed.
    color: { type: "sqrt", scheme, domain: [0, most] },
    marks: [
      Plot.cell(values, { x: "column", y: "row", fill: "value", rx: 3 }),
      Plot.text(values, {
        x: "column",
        y: "row",
        text: "text",
        // Both schemes are dark where the root of the share is high.
        fill: ({ value }: { value: number }) => value / most > 0.5 ? "white" : "black",
      }),
    ],
  });
}

/** A point of a curve. */
export interface CurvePoint {
  readonly series: string;
  readonly x: number;
  readonly y: number;
  /** The spread of `y`, where there is one. */
  readonly least?: number;
  readonly most?: number;
}

/** Curves of shares, over shares or counts. */
export interface CurvesOptions {
  readonly x: string;
  /** What is counted along the horizontal axis; a share is in per cent. */
  readonly unit?: string;
  readonly y: string;
  readonly title: string;
  readonly points: readonly CurvePoint[];
  /** The series, in the order of their colours. */
  readonly series: readonly string[];
  /** Whether the vertical axis ends at 100 %. */
  readonly isWhole: boolean;
}

/** Draws curves, each named at its end, with their spread behind them. */
export function curves({ x, unit, y, title, points, series, isWhole }: CurvesOptions): string {
  const percent = (share: number) => formatShare(share, { unit: "" });
  const xs = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b);
  const most = isWhole ? 1 : Math.max(...points.map((point) => point.most ?? point.y));
  const ends = separate(
    series.flatMap((name) =>
      points.filter((point) => point.series === name).sort((a, b) => b.x - a.x).slice(0, 1)
    ),
    { gap: most / 18, most },
  );
  const spread = points.filter(({ least, most }) => least !== undefined && most !== undefined);
  return draw({
    ariaLabel: title,
    width: 760,
    height: 460,
    marginTop: 40,
    marginLeft: 70,
    marginRight: 190,
    marginBottom: 50,
    x: {
      label: `${x} (${unit ?? "%"})`,
      labelAnchor: "center",
      type: "log",
      ticks: xs,
      tickFormat: unit === undefined ? percent : formatCount,
    },
    y: {
      label: `${y} (%)`,
      grid: true,
      tickFormat: percent,
      domain: [0, most],
    },
    color: { domain: series, scheme: "observable10" },
    marks: [
      Plot.areaY(spread, {
        x: "x",
        y1: "least",
        y2: "most",
        z: "series",
        fill: "series",
        fillOpacity: 0.15,
        sort: "x",
      }),
      Plot.lineY(points, {
        x: "x",
        y: "y",
        z: "series",
        stroke: "series",
        strokeWidth: 2.5,
        sort: "x",
      }),
      Plot.dot(points, { x: "x", y: "y", fill: "series", r: 4.5 }),
      Plot.text(ends, {
        x: "x",
        y: "y",
        text: "series",
        fill: "series",
        textAnchor: "start",
        dx: 12,
        fontWeight: "bold",
      }),
    ],
  });
}

/**
 * Moves points apart that are nearer to each other than a name is high: up and, where that is above
 * the axis, down again from its end.
 */
function separate(
  points: readonly CurvePoint[],
  { gap, most }: { gap: number; most: number },
): CurvePoint[] {
  const rising = points.toSorted((a, b) => a.y - b.y);
  let lowest = -Infinity;
  const up = rising.map(({ y }) => {
    const moved = Math.max(y, lowest);
    lowest = moved + gap;
    return moved;
  });
  let highest = most;
  const ys = up.toReversed().map((y) => {
    const moved = Math.min(y, highest);
    highest = moved - gap;
    return moved;
  }).toReversed();
  return rising.map((point, i) => ({ ...point, y: ys[i]! }));
}

/** Filters of a convolution, on one channel. */
export interface FiltersOptions {
  readonly title: string;
  /** Each a square of weights, row-major. */
  readonly filters: readonly (readonly number[])[];
  /** Pixels each way. */
  readonly size: number;
  /** The weight of the strongest colours, either sign. */
  readonly most: number;
}

/** Draws filters in two rows: blue for weights below zero, red above. */
export function filterGrid({ title, filters, size, most }: FiltersOptions): string {
  const across = Math.ceil(filters.length / 2);
  const weights = filters.flatMap((filter, index) =>
    filter.map((weight, i) => ({
      weight,
      fx: index % across,
      fy: Math.floor(index / across),
      x: i % size,
      y: Math.floor(i / size),
    }))
  );
  return draw({
    ariaLabel: title,
    width: 620,
    height: 2 * 620 / across,
    margin: 0,
    padding: 0,
    fx: { padding: 0.12, axis: null },
    fy: { padding: 0.12, axis: null },
    x: { axis: null },
    y: { axis: null },
    color: { type: "diverging", scheme: "rdbu", reverse: true, domain: [-most, most] },
    marks: [Plot.cell(weights, { fx: "fx", fy: "fy", x: "x", y: "y", fill: "weight" })],
  });
}

/** Small images in rows. */
export interface ImageRowsOptions {
  readonly title: string;
  readonly rows: readonly {
    readonly label: string;
    /** Data URLs. */
    readonly images: readonly string[];
  }[];
}

/** Draws images in named rows, pixel by pixel. */
export function imageRows({ title, rows }: ImageRowsOptions): string {
  // Few images are no reason to draw them large.
  const across = Math.max(8, ...rows.map(({ images }) => images.length));
  const margin = 170;
  const size = (760 - margin) / across;
  const images = rows.flatMap(({ label, images }) =>
    images.map((src, column) => ({ label, column, src }))
  );
  return draw({
    ariaLabel: title,
    width: 760,
    height: size * rows.length,
    margin: 0,
    marginLeft: margin,
    x: { type: "band", axis: null },
    y: { type: "band", label: null, tickSize: 0, domain: rows.map(({ label }) => label) },
    marks: [
      Plot.image(images, {
        x: "column",
        y: "label",
        src: "src",
        width: size * 0.92,
        imageRendering: "pixelated",
      }),
    ],
  });
}

function draw(options: Plot.PlotOptions): string {
  const plot = Plot.plot({ ...options, document: document as unknown as Document });
  // By itself, as a file, it must say what it is.
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  plot.setAttribute("role", "img");
  // No style: a server's content security policy knows style sheets by their digest, and forbids these.
  plot.setAttribute("font-size", "15");
  // Plot names the groups of its marks, which have no role that could bear a name: to those who cannot
  // see it, the drawing is one image with one name.
  for (const group of plot.querySelectorAll("[aria-label]")) group.removeAttribute("aria-label");
  return plot.outerHTML;
}
