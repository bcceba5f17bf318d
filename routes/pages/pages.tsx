/**
 * `GET /` and the files of the page.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { serveStatic } from "hono/serve-static";
import { assetUrl } from "./asset_url.ts";
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

/** Says how long a file may be kept: for good by the address that names its content. */
function onFound(_path: string, c: Context): void {
  const file = c.req.param("file");
  const isFixed = file !== undefined && c.req.query("v") !== undefined &&
    `${c.req.path}?v=${c.req.query("v")}` === assetUrl(file);
  if (isFixed) {
    c.header("Cache-Control", "public, max-age=31536000, immutable");
  } else {
    c.header("Cache-Control", "public, max-age=300");
    // Deno Deploy's edge forgets all of it with the next deployment.
    c.header("Deno-CDN-Cache-Control", "public, s-maxage=86400");
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
  .get("/favicon.ico", serveStatic({ path: "../static/icon.svg", getContent, onFound }))
  .get("/static/:file{[\\w-]+\\.[a-z0-9]+}", serveStatic({ root: "..", getContent, onFound }))
  .get(
    "/samples/:file{[0-9]\\.png}",
    serveStatic({ root: "../../fixtures", getContent, onFound }),
  );
