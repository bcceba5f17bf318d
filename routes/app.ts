/**
 * The HTTP application: what holds for every route, and the routes.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { bodyLimit } from "hono/body-limit";
import { etag } from "hono/etag";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { timeout } from "hono/timeout";
import { timing } from "hono/timing";
import { MAX_BYTES } from "../lib/image/mod.ts";
import type { Log, ModelPool } from "../lib/serve/mod.ts";
import { attack } from "./api/attack.ts";
import { checkHost } from "./check_host.ts";
import { classify } from "./api/classify.ts";
import type { AppEnv } from "./env.ts";
import { limitInFlight } from "./limit_in_flight.ts";
import type { Metrics } from "./metrics.ts";
import { models } from "./api/models.ts";
import { observe } from "./observe.ts";
import { pageNotFound, pages } from "./pages/mod.ts";
import { poison } from "./api/poison.ts";
import { createErrorHandler, problem } from "./problem.ts";
import { reports, reportSecurity } from "./reports.tsx";
import { triggers } from "./api/triggers.ts";
import { createV2 } from "./v2/mod.ts";

/** What the application is made of. */
export interface AppOptions {
  /** The models that are served. */
  readonly pool: ModelPool;
  /**
   * How many requests under `/api` may be in flight; more are answered with 503. Each holds at most
   * 1 MiB of upload, so the default stays far below a small host's memory.
   */
  readonly maxInFlight?: number;
  /**
   * Milliseconds that a request under `/api` may take, its upload included: a client that stops
   * sending must not keep its place for ever.
   */
  readonly timeLimit?: number;
  /** The folder with reports on experiments, which need not exist; `results` unless given. */
  readonly reportsFolder?: URL;
  /** Told of what fails by no fault of the client's; nobody is told if left out. */
  readonly log?: Log;
  /** Whether the log has a line for every request. */
  readonly logsAccess?: boolean;
  /** Counted in, and served at `/metrics`; there is no such route if left out. */
  readonly metrics?: Metrics;
}

/**
 * Makes the application; it has no state but the pool and the count of requests in flight.
 *
 * @param options The pool, and what else differs between hosts.
 *
 * @example
 * ```ts
 * import { createFixtureSource } from "../lib/registry/mod.ts";
 * import { createModelPool } from "../lib/serve/mod.ts";
 * import { createApp } from "./app.ts";
 * import assert from "node:assert/strict";
 *
 * const bundled = new URL("../fixtures/models/", import.meta.url);
 * const app = createApp({ pool: createModelPool(createFixtureSource(bundled)) });
 *
 * assert.equal((await app.request("/api/models")).status, 200);
 * ```
 */
export function createApp(
  {
    pool,
    maxInFlight = 64,
    timeLimit = 30_000,
    reportsFolder = new URL("../results/", import.meta.url),
    log = () => {},
    logsAccess = false,
    metrics,
  }: AppOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(createErrorHandler(log));
  app.notFound((c) =>
    isForPeople(c)
      ? pageNotFound(c)
      : problem(c, { status: 404, detail: `Cannot find ${c.req.path}: there is no such route` })
  );

  app.use(requestId());
  app.use(observe(logsAccess ? log : undefined));
  if (metrics) app.use(metrics.count);
  app.use(timing());
  app.use("/reports/:file", reportSecurity);
  app.use(pageSecurity());
  app.use(checkHost);
  app.use(etag());
  app.use(cacheControl);
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: (c, methods) => {
      const allowed = methods.join(", ");
      c.header("Allow", allowed);
      const detail = `Cannot ${c.req.method} ${c.req.path}: the method must be one of ${allowed}`;
      return problem(c, { status: 405, detail });
    },
  }));
  app.use("/api/*", limitInFlight(maxInFlight));
  app.use(
    "/api/*",
    timeout(timeLimit, () => {
      const seconds = timeLimit / 1000;
      return new HTTPException(408, {
        message: `Cannot wait: the request must be sent and answered within ${seconds} seconds`,
      });
    }),
  );
  app.use(
    "/api/*",
    bodyLimit({
      maxSize: MAX_BYTES,
      onError: (c) =>
        problem(c, {
          status: 413,
          detail: `Cannot take the body: it must be at most ${MAX_BYTES} bytes, got more`,
        }),
    }),
  );
  app.use(createMiddleware<AppEnv>(async (c, next) => {
    c.set("pool", pool);
    await next();
  }));

  app.route("/api/attack", attack);
  app.route("/api/poison", poison);
  app.route("/api/classify", classify);
  app.route("/api/models", models);
  app.route("/api/triggers", triggers);
  app.route("/", createV2());
  app.route("/", reports(reportsFolder));
  app.route("/", pages);
  if (metrics) app.get("/metrics", metrics.show);
  return app;
}

/** Whether a browser asks for a page; programs that call the API have no use for one. */
function isForPeople(c: Context<AppEnv>): boolean {
  if (/^\/(api|v2)(\/|$)/.test(c.req.path)) return false;
  const json = "application/problem+json";
  return accepts(c, { header: "Accept", supports: [json, "text/html"], default: json }) !== json;
}

/** Pages run their own script and style files, show images they made, and call this server only. */
function pageSecurity() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:", "blob:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
    // Not for subdomains: they may be somebody else's.
    strictTransportSecurity: "max-age=15552000",
    xFrameOptions: "DENY",
  });
}

/** What may change at any training is kept only with its ETag asked for; the rest is not kept. */
const cacheControl = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  if (c.res.headers.has("Cache-Control")) return;
  const isKept = c.res.ok && (c.req.method === "GET" || c.req.method === "HEAD");
  c.header("Cache-Control", isKept ? "no-cache" : "no-store");
});
