/**
 * The HTTP application: what holds for every route, and the routes.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import { accepts } from "hono/accepts";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { timeout } from "hono/timeout";
import { timing } from "hono/timing";
import { MAX_BYTES } from "../lib/image/mod.ts";
import {
  type ImageReader,
  Life,
  type Log,
  type ModelPool,
  type PlaceLimits,
  Places,
  readOnThisThread,
} from "../lib/serve/mod.ts";
import { attack } from "./api/attack.ts";
import { checkHost } from "./check_host.ts";
import { ALSO_RETAINED, cacheControl } from "./cache_control.ts";
import { classify } from "./api/classify.ts";
import { clientOf } from "./client_of.ts";
import { crossOrigin } from "./cross_origin.ts";
import type { AppEnv } from "./env.ts";
import type { Metrics } from "./metrics.ts";
import { isApi } from "./is_api.ts";
import { limitRate } from "./limit_rate.ts";
import { models } from "./api/models.ts";
import { docs } from "./openapi/mod.tsx";
import { observe } from "./observe.ts";
import { pageNotFound, pages } from "./pages/mod.ts";
import { poison } from "./api/poison.ts";
import { createErrorHandler, problem } from "./problem.ts";
import { receiveBody } from "./receive_body.ts";
import { reports } from "./reports.tsx";
import { securityHeaders } from "./security_headers.ts";
import { triggers } from "./api/triggers.ts";
import { untilStopped } from "./until_stopped.ts";
import { UploadRoom, type UploadRoomLimits } from "./upload_room.ts";
import { createV2 } from "./v2/mod.ts";
import { MAX_V2_BYTES } from "./v2/read_body.ts";

/** What the application is made of. */
export interface AppOptions {
  /** The models that are served. */
  readonly pool: ModelPool;
  /** Decodes images: on the serving thread itself, without a bound on its time, unless given. */
  readonly images?: ImageReader;
  /** What bounds the bodies of requests. */
  readonly uploads?: Partial<UploadSettings>;
  /** How many requests may be in work, once their bodies are there; more are answered with 503. */
  readonly places?: Partial<PlaceLimits>;
  /** POSTs that a client may send in a minute; 0, the default, for no limit. */
  readonly rateLimit?: number;
  /** How many proxies of one's own stand in front, and say who the client is; 0 unless given. */
  readonly trustedProxies?: number;
  /** Milliseconds that an answer under `/api` and `/v2` may take, once its body is there. */
  readonly timeLimit?: number;
  /** The folder with reports on experiments, which need not exist; `results` unless given. */
  readonly reportsFolder?: URL;
  /** Told of what fails by no fault of the client's; nobody is told if left out. */
  readonly log?: Log;
  /**
   * Whose pages may read `/api` and `/v2`: `*`, or origins such as `https://example.org`. Nobody's but
   * the server's own if left out.
   */
  readonly corsOrigins?: readonly string[] | "*";
  /** Whether the log has a line for every request. */
  readonly logsAccess?: boolean;
  /** Told when the server is to stop; it never is if left out. */
  readonly life?: Life;
  /** Counted in, and served at `/metrics`; there is no such route if left out. */
  readonly metrics?: Metrics;
}

/** What bounds the bodies of requests. */
export interface UploadSettings extends UploadRoomLimits {
  /** Milliseconds that a body may take to come. */
  readonly timeLimit: number;
}

const UPLOADS: UploadSettings = {
  count: 512,
  bytes: 32 * 1024 * 1024,
  timeLimit: 30_000,
};

/** Some hundred answers a second are usual: who gets a place is answered within half of one. */
const PLACES: PlaceLimits = { small: 64, large: 8 };

/**
 * Makes the application; it has no state but the pool and what it counts to keep within its bounds.
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
    images = readOnThisThread,
    uploads,
    places: placeLimits,
    rateLimit = 0,
    trustedProxies = 0,
    timeLimit = 30_000,
    reportsFolder = new URL("../results/", import.meta.url),
    log = () => {},
    logsAccess = false,
    metrics,
    corsOrigins,
    life = new Life(),
  }: AppOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(createErrorHandler(log));
  app.notFound((c) =>
    isForPeople(c)
      ? pageNotFound(c)
      : problem(c, { status: 404, detail: `Cannot find ${c.req.path}: there is no such route` })
  );

  const served: ModelPool = { ...pool, isReady: () => !life.isStopping && pool.isReady() };

  app.use(requestId());
  app.use(observe(logsAccess ? log : undefined));
  if (metrics) app.use(metrics.count);
  app.use(timing());
  app.use(securityHeaders);
  app.use(checkHost);
  if (corsOrigins !== undefined) {
    for (const path of ["/api/*", "/v2", "/v2/*", "/openapi.json"]) {
      app.use(path, crossOrigin(corsOrigins));
    }
  }
  app.use(tagReads());
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
  const client = (c: Context) => clientOf(c, trustedProxies);
  if (rateLimit > 0) {
    const limitsLoopback = trustedProxies > 0;
    const limit = limitRate({ limit: rateLimit, clientOf: client, limitsLoopback });
    for (const path of ["/api/*", "/v2/*"]) app.use(path, limit);
  }
  app.use(untilStopped(life));
  const bounds = { ...UPLOADS, ...uploads };
  const places = new Places({ ...PLACES, ...placeLimits });
  const room = new UploadRoom(bounds);
  metrics?.watch({
    uploads: () => room.count,
    small: () => places.taken("small"),
    large: () => places.taken("large"),
  });
  const receive = {
    room,
    places,
    ...bounds,
    clientOf: client,
  };
  app.use("/api/*", receiveBody({ ...receive, maxBytes: MAX_BYTES }));
  app.use("/v2/*", receiveBody({ ...receive, maxBytes: MAX_V2_BYTES }));
  for (const path of ["/api/*", "/v2/*"]) app.use(path, limitTime(timeLimit));
  app.use(createMiddleware<AppEnv>(async (c, next) => {
    c.set("pool", served);
    c.set("images", images);
    c.set("places", places);
    await next();
  }));

  app.route("/api/attack", attack);
  app.route("/api/poison", poison);
  app.route("/api/classify", classify);
  app.route("/api/models", models);
  app.route("/api/triggers", triggers);
  app.route("/", createV2());
  app.route("/", docs(app));
  app.route("/", reports(reportsFolder));
  app.route("/", pages);
  if (metrics) app.get("/metrics", metrics.show);
  return app;
}

function limitTime(milliseconds: number) {
  return timeout(milliseconds, () =>
    new HTTPException(503, {
      message:
        `Cannot answer: it must be done within ${milliseconds / 1000} seconds, and was not; ` +
        "try again shortly",
    }));
}

/** Whether a browser asks for a page; programs that call the API have no use for one. */
function isForPeople(c: Context<AppEnv>): boolean {
  if (isApi(c.req.path)) return false;
  const json = "application/problem+json";
  return accepts(c, { header: "Accept", supports: [json, "text/html"], default: json }) !== json;
}

/** Answers to reads have an ETag, for which each is digested; an answer to a POST is not asked for again. */
function tagReads() {
  const tag = etag({ retainedHeaders: [...RETAINED_304_HEADERS, ...ALSO_RETAINED] });
  return createMiddleware<AppEnv>((c, next) => c.req.method === "POST" ? next() : tag(c, next));
}
