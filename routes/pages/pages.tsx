/**
 * `GET /` and the files of the page.
 *
 * @module
 */

import { Hono } from "hono";
import { html } from "hono/html";
import { serveStatic } from "hono/serve-static";
import { DemoPage } from "./demo_page.tsx";

/**
 * Reads a file of the deployment for `serveStatic`.
 *
 * @returns `null` where there is no such file.
 */
async function getContent(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(new URL(path, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The routes of the page: `/`, `/static/*`, `/samples/{digit}.png`. */
export const pages = new Hono()
  .get("/", (c) => {
    const { origin } = new URL(c.req.url);
    return c.html(html`<!DOCTYPE html>${<DemoPage origin={origin} />}`);
  })
  .get("/static/:file", serveStatic({ root: "..", getContent }))
  .get(
    "/samples/:file{[0-9]\\.png}",
    serveStatic({ root: "../../fixtures", getContent }),
  );
