/**
 * `GET /openapi.json`: the description of the routes; `GET /docs`: a page of it.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppEnv } from "../env.ts";
import { createDocument, type OpenApiDocument } from "./document.ts";

/**
 * The routes of the description.
 *
 * @param app What is described; asked at the first request, when all its routes are there.
 */
export function docs(app: Hono<AppEnv>): Hono<AppEnv> {
  let document: Promise<OpenApiDocument> | null = null;
  const read = () => document ??= createDocument(app);
  return new Hono<AppEnv>()
    .get("/openapi.json", async (c) => c.json(await read()));
}
