/**
 * A report as one HTML file that needs nothing else.
 *
 * @module
 */

import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { formatCountOf } from "../core/format.ts";
import { titleOf } from "./make_report.ts";
import type { Comparison, Figure, Report, Section, Table } from "./report.ts";
import type { CellResult, ExperimentName } from "./results.ts";
import { STYLE } from "./style.ts";

/** Headings of the sections that every report has. */
const COMPARED = "Paper and here";
const MODELS = "All models";

/**
 * Renders a report; the same one gives the same bytes.
 *
 * @param options.beside The experiments whose reports lie beside this one, as `EXPERIMENT.html`: the
 * page links to them.
 */
export function renderPage(
  report: Report,
  { beside = [] }: { beside?: readonly ExperimentName[] } = {},
): string {
  return `<!DOCTYPE html>\n${<Page {...report} beside={beside} />}\n`;
}

function Page(
  { title, paper, paperUrl, remark, results, comparisons, sections, beside }: Report & {
    beside: readonly ExperimentName[];
  },
) {
  const { experiment, quick, cells, missing } = results;
  const measured = comparisons.filter(({ verdict }) => verdict !== null);
  const reproduced = measured.filter(({ verdict }) => verdict === "reproduced");
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{quick ? `${title} (quick)` : title}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1>{title}</h1>
          <p class="paper">{paperUrl === null ? paper : <a href={paperUrl}>{paper}</a>}</p>
          <p class="tally">
            {!quick && (
              <>
                <strong>{reproduced.length} of {measured.length}</strong> rows reproduced, from
                {" "}
              </>
            )}
            {formatCountOf(cells.length, "trained model")}
          </p>
          {quick && (
            <p class="warning">
              Quick run: few images, few epochs, few models. It shows that everything works; its
              figures say nothing about the paper. {remark}
            </p>
          )}
          {missing.length > 0 && (
            <p class="warning">
              Not complete: {missing.length} of {cells.length + missing.length}{" "}
              models are not trained yet.
            </p>
          )}
          <Links
            label="Contents"
            links={[COMPARED, ...sections.map((section) => section.title), MODELS]
              .map((heading) => ({ href: `#${idOf(heading)}`, text: heading }))}
          />
          <Links
            label="Other reports"
            links={beside.filter((name) => name !== experiment)
              .map((name) => ({ href: `${name}.html`, text: titleOf(name) }))}
          />
        </header>
        <main>
          <section>
            <h2 id={idOf(COMPARED)}>{COMPARED}</h2>
            <Comparisons rows={comparisons} />
          </section>
          {sections.map((section) => <SectionOf key={section.title} {...section} />)}
          <Models cells={cells} />
        </main>
      </body>
    </html>
  );
}

/** Where a heading is on the page: its words in small letters, with hyphens between. */
function idOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
}

function Links(
  { label, links }: { label: string; links: readonly { href: string; text: string }[] },
) {
  if (links.length === 0) return null;
  return (
    <nav aria-label={label}>
      <strong>{label}</strong>
      <ul>
        {links.map(({ href, text }) => (
          <li key={href}>
            <a href={href}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Comparisons({ rows }: { rows: readonly Comparison[] }) {
  return (
    <Scroll label="Paper and here">
      <table class="comparisons">
        <thead>
          <tr>
            <th scope="col">figure</th>
            <th scope="col" class="number">paper</th>
            <th scope="col" class="number">here</th>
            <th scope="col" class="number">difference</th>
            <th scope="col">verdict</th>
            <th scope="col">how</th>
          </tr>
        </thead>
        <tbody>{rows.map((row) => <ComparisonRow key={row.what} {...row} />)}</tbody>
      </table>
    </Scroll>
  );
}

function ComparisonRow(
  { what, paper, ours, difference, verdict, source, rule, note, command }: Comparison,
) {
  return (
    <tr>
      <th scope="row">{what}</th>
      <td class="number">{paper}</td>
      <td class="number ours">{ours}</td>
      <td class="number">{difference}</td>
      <td>
        <span class={`verdict ${(verdict ?? "none").replace(" ", "-")}`}>{verdict ?? "–"}</span>
        {rule && <small>{rule}</small>}
      </td>
      <td class="how">
        {note && <span>{note}</span>}
        {source && <small>Paper: {source}</small>}
        <code>{command}</code>
      </td>
    </tr>
  );
}

/** What is wider than the page is scrolled, by keyboard too. */
function Scroll({ label, children }: { label: string; children: Child }) {
  return <div class="scroll" role="region" aria-label={label} tabindex={0}>{children}</div>;
}

function SectionOf({ title, text, setup, figures, tables }: Section) {
  return (
    <section>
      <h2 id={idOf(title)}>{title}</h2>
      <p>{text}</p>
      {setup.length > 0 && <ul class="setup">{setup.map((line) => <li key={line}>{line}</li>)}</ul>}
      <div class="figures">
        {figures.map((figure) => <FigureOf key={figure.name} {...figure} />)}
      </div>
      {tables.map((table) => <TableOf key={table.caption} section={title} table={table} />)}
    </section>
  );
}

function FigureOf({ caption, isWide, drawing }: Figure) {
  return (
    <figure class={isWide ? "wide" : undefined}>
      {raw(drawing)}
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** Two sections may have tables of the same caption, which are told apart by the section's title. */
function TableOf({ section, table }: { section: string; table: Table }) {
  const { caption, head: [first, ...head], rows } = table;
  return (
    <Scroll label={`${section}: ${caption}`}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {head.map((name) => <HeadCell key={name} name={name} />)}
          </tr>
        </thead>
        <tbody>{rows.map((row) => <Row key={row[0]} row={row} />)}</tbody>
      </table>
    </Scroll>
  );
}

function HeadCell({ name }: { name: string }) {
  return <th scope="col" class="number">{name}</th>;
}

function Row({ row: [name, ...values] }: { row: readonly string[] }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {values.map((value, column) => <ValueCell key={column} value={value} />)}
    </tr>
  );
}

function ValueCell({ value }: { value: string }) {
  return <td class="number">{value}</td>;
}

/** Every model, and the command that trains it again. */
function Models({ cells }: { cells: readonly CellResult[] }) {
  return (
    <section>
      <h2 id={idOf(MODELS)}>{MODELS}</h2>
      <details>
        <summary>{cells.length} models, each with the command that trains it again</summary>
        <Scroll label="All models">
          <table>
            <thead>
              <tr>
                <th scope="col">model</th>
                <th scope="col">command</th>
              </tr>
            </thead>
            <tbody>{cells.map((cell) => <ModelRow key={cell.id} {...cell} />)}</tbody>
          </table>
        </Scroll>
        {provenances(cells).map((cell) => <Provenance key={cell.id} {...cell} />)}
      </details>
    </section>
  );
}

function ModelRow({ id, command }: CellResult) {
  return (
    <tr>
      <th scope="row">{id}</th>
      <td>
        <code>{command}</code>
      </td>
    </tr>
  );
}

/** Of each data set and version, the first cell. */
function provenances(cells: readonly CellResult[]): CellResult[] {
  const byOrigin = Map.groupBy(
    cells,
    ({ dataDigest, versions }) => `${dataDigest} ${JSON.stringify(versions)}`,
  );
  return [...byOrigin.values()].map(([first]) => first!);
}

function Provenance({ job: { dataset }, dataDigest, versions }: CellResult) {
  return (
    <p>
      edgedoor {versions.edgedoor}, TensorFlow.js {versions.tfjs}; {dataset}{" "}
      <code>{dataDigest}</code>
    </p>
  );
}
