/**
 * The application under test: each of its answers under `/api` and `/v2` is compared with its OpenAPI
 * document.
 *
 * @module
 */

import { type AppOptions, createApp } from "../../routes/app.ts";
import { createDocument } from "../../routes/openapi/document.ts";
import { createAnswerCheck, type Document } from "./described_answers.ts";
import { createFakePool } from "./fake_pool.ts";

/** What a test asks an application by. */
export interface CheckedApp {
  request(path: string, init?: RequestInit): Promise<Response>;
  /** For a server; its answers are not compared. */
  fetch(request: Request): Response | Promise<Response>;
}

const document = await createDocument(createApp({ pool: createFakePool() }));

const check = createAnswerCheck(document as unknown as Document);

/** As `createApp`. */
export function createCheckedApp(options: AppOptions): CheckedApp {
  const app = createApp(options);
  return {
    fetch: (request) => app.fetch(request),
    async request(path, init = {}) {
      const response = await app.request(path, init);
      const { pathname } = new URL(path, "http://localhost");
      const method = init.method ?? "GET";
      if (method !== "HEAD" && /^\/(api|v2)(\/|$)/.test(pathname)) {
        await check(method, pathname, response);
      }
      return response;
    },
  };
}
