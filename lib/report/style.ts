/**
 * How a report looks: readable from the back of a room, in light and in dark.
 *
 * @module
 */

/** The style sheet, which stands in the file itself. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e8eaed);
  --soft: light-dark(#57606a, #9aa4af);
  --line: light-dark(#d5dae0, #3a424c);
  --ground: light-dark(#ffffff, #14181d);
  --raised: light-dark(#f4f6f8, #1d232a);
  --good: light-dark(#0b6b34, #6fdc9c);
  --good-ground: light-dark(#dcf5e5, #12361f);
  --middling: light-dark(#7a4d00, #f2c063);
  --middling-ground: light-dark(#fdf0d3, #3a2b0c);
  --bad: light-dark(#a11420, #ff9a9f);
  --bad-ground: light-dark(#fde4e5, #43161a);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  padding: 2rem clamp(1rem, 4vw, 3rem) 4rem;
  max-width: 84rem;
  color: var(--ink);
  background: var(--ground);
  font: 1.125rem/1.5 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 2.5rem; line-height: 1.15; }
h2 { margin: 3rem 0 0.5rem; font-size: 1.6rem; }
p { max-width: 50rem; }
.paper { margin: 0.25rem 0; color: var(--soft); }
a { color: inherit; text-underline-offset: 0.2em; }
nav { margin: 0.75rem 0; font-size: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.tally { font-size: 1.35rem; }
.warning {
  padding: 0.6rem 1rem;
  border-left: 0.4rem solid var(--middling);
  color: var(--middling);
  background: var(--middling-ground);
}
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.comparisons { width: 100%; }
caption { padding: 0 0 0.5rem; text-align: left; color: var(--soft); }
th, td { padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; font-weight: normal; }
thead th { color: var(--soft); font-size: 1rem; white-space: nowrap; vertical-align: bottom; }
.number { text-align: right; white-space: nowrap; }
.comparisons td.number { font-size: 1.25rem; }
.ours { font-weight: 700; }
.how { min-width: 22rem; font-size: 0.95rem; }
.verdict + small { display: block; min-width: 11rem; color: var(--soft); font-size: 0.9rem; }
.how > * { display: block; }
.how small { color: var(--soft); font-size: 0.9rem; }
.setup { margin: 0.5rem 0; padding-left: 1.2rem; color: var(--soft); font-size: 1rem; }
code { font: 0.85rem/1.5 ui-monospace, monospace; color: var(--soft); overflow-wrap: anywhere; }
.verdict { display: inline-block; padding: 0.1rem 0.7rem; border-radius: 1rem; font-weight: 700;
  white-space: nowrap; color: var(--soft); background: var(--raised); }
.verdict.reproduced { color: var(--good); background: var(--good-ground); }
.verdict.close { color: var(--middling); background: var(--middling-ground); }
.verdict.not-reproduced { color: var(--bad); background: var(--bad-ground); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 36rem), 1fr));
  gap: 1.5rem; align-items: start; }
.wide { grid-column: 1 / -1; max-width: 68rem; }
figure { margin: 1rem 0; padding: 1rem; background: var(--raised); border-radius: 0.5rem; }
figure svg { display: block; width: 100%; height: auto; --plot-background: var(--raised); }
figcaption { margin-top: 0.75rem; color: var(--soft); }
summary { cursor: pointer; }
@media print { details > * { display: block; } body { font-size: 10pt; } }
`;
