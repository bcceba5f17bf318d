/**
 * `GET /openapi.json`: the description of the routes; `GET /docs`: a page of it.
 *
 * @module
 */

import { Hono } from "hono";
import { html } from "hono/html";
import type { AppEnv } from "../env.ts";
import { DocsPage } from "./docs_page.tsx";
import { createDocument, type OpenApiDocument } from "./document.ts";
import type { DocumentView } from "./document_view.ts";

/**
 * The routes of the description.
 *
 * @param app What is described; asked at the first request, when all its routes are there.
 */
export function docs(app: Hono<AppEnv>): Hono<AppEnv> {
  let document: Promise<OpenApiDocument> | null = null;
  const read = () => document ??= createDocument(app);
  return new Hono<AppEnv>()
    .get("/openapi.json", async (c) => c.json(await read()))
    .get("/docs", async (c) => {
      // The types of what a document may be are wider than what ours is.
      const document = await read() as unknown as DocumentView;
      return c.html(html`<!DOCTYPE html>${<DocsPage document={document} />}`);
    });
}
