/**
 * `GET /reports/`: the reports on the papers' experiments, if somebody has built them.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { absentAsNull } from "../lib/core/absent_as_null.ts";
import { sha256 } from "../lib/core/digest.ts";
import type { AppEnv } from "./env.ts";
import { Layout } from "./pages/layout.tsx";
import { problem } from "./problem.ts";

/** Builds every report. */
const COMMAND = "deno task reproduce all --report-only";

/**
 * The routes of the reports: `/reports/`, which lists them, and `/reports/{experiment}.html`.
 *
 * @param folder Where `reproduce` writes them; need not exist.
 */
export function reports(folder: URL): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get("/reports", (c) => c.redirect("/reports/", 301))
    .get("/reports/", async (c) => {
      const names = await namesIn(folder);
      return c.html(html`<!DOCTYPE html>${<List names={names} />}`);
    })
    .get("/reports/:file{[a-z][a-z0-9-]*\\.html}", (c) => answerWith(c, folder));
}

async function answerWith(c: Context<AppEnv>, folder: URL): Promise<Response> {
  const file = c.req.param("file")!;
  const page = await absentAsNull(Deno.readTextFile(new URL(file, folder)));
  if (page !== null) {
    c.header("Content-Security-Policy", await policyOf(page));
    return c.html(page);
  }
  return problem(c, {
    status: 404,
    detail: `Cannot find the report ${file}: it must have been built; run ${COMMAND}`,
  });
}

/** A report's styles stand in itself, as do its images; it has no script. */
async function policyOf(page: string): Promise<string> {
  const sheets = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, sheet]) => sheet!);
  const sources = await Promise.all([...new Set(sheets)].map(sourceOf));
  return `default-src 'none'; style-src ${sources.join(" ") || "'none'"}; img-src data:; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

/** How a policy names a style sheet that stands in a page. */
async function sourceOf(sheet: string): Promise<string> {
  const digest = Uint8Array.fromHex(await sha256(new TextEncoder().encode(sheet)));
  return `'sha256-${digest.toBase64()}'`;
}

/** The reports in a folder, by name. */
async function namesIn(folder: URL): Promise<string[]> {
  const entries = await absentAsNull(Array.fromAsync(Deno.readDir(folder))) ?? [];
  return entries.flatMap(({ name }) => /^([a-z][a-z0-9-]*)\.html$/.exec(name)?.[1] ?? []).sort();
}

function List({ names }: { names: readonly string[] }) {
  return (
    <Layout
      title="edgedoor: reports"
      description="The papers' experiments on backdoored classifiers, each figure beside the one found here."
    >
      <header class="masthead">
        <p class="wordmark">
          <a href="/">edgedoor</a>
        </p>
        <h1>Reports</h1>
        <p class="lead">The papers’ experiments: each figure beside the one found here.</p>
      </header>
      <main>
        {names.length > 0
          ? (
            <ul>
              {names.map((name) => (
                <li>
                  <a href={`/reports/${name}.html`}>{name}</a>
                </li>
              ))}
            </ul>
          )
          : (
            <p>
              No report has been built yet. In the project’s folder, <code>{COMMAND}</code>{" "}
              builds them within seconds, and without training, from the results that come with the
              project; they are then listed here.
            </p>
          )}
      </main>
    </Layout>
  );
}
