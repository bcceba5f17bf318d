/**
 * `GET /` and the files of the page.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { serveStatic } from "hono/serve-static";
import { DemoPage } from "./demo_page.tsx";
import { NotFoundPage } from "./not_found_page.tsx";

/**
 * Reads a file of the deployment for `serveStatic`.
 *
 * @returns `null` where there is no such file.
 */
async function getContent(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(new URL(path, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || isNameTooLong(error)) return null;
    throw error;
  }
}

/** Deno has no class for it. */
function isNameTooLong(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENAMETOOLONG";
}

/**
 * Answers a browser for which there is no such page.
 *
 * @param c The request's context.
 */
export function pageNotFound(c: Context): Response | Promise<Response> {
  return c.html(html`<!DOCTYPE html>${<NotFoundPage path={c.req.path} />}`, 404);
}

/** The routes of the page: `/`, `/static/*`, `/samples/{digit}.png`, `/favicon.ico`. */
export const pages = new Hono()
  .get("/", (c) => {
    const { origin } = new URL(c.req.url);
    return c.html(html`<!DOCTYPE html>${<DemoPage origin={origin} />}`);
  })
  // Browsers ask for it unasked; that it is no ICO file tells its type.
  .get("/favicon.ico", serveStatic({ path: "../static/icon.svg", getContent }))
  .get("/static/:file{[\\w-]+\\.[a-z0-9]+}", serveStatic({ root: "..", getContent }))
  .get(
    "/samples/:file{[0-9]\\.png}",
    serveStatic({ root: "../../fixtures", getContent }),
  );
