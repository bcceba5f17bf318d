/**
 * `GET /metrics`: what Prometheus reads. For servers that an operator hosts; where instances come and
 * go, as on Deno Deploy, OpenTelemetry is the way.
 *
 * `server.ts` imports this file only if `METRICS` says so.
 *
 * @module
 */

import { prometheus } from "@hono/prometheus";
import type { Context, Handler, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import process from "node:process";
import { Counter, Gauge, Registry } from "prom-client";
import type { AppEnv } from "./env.ts";
import { methodOf, routeOf } from "./observe.ts";

/** Metrics of one application. */
export interface Metrics {
  /** Counts every request. */
  readonly count: MiddlewareHandler<AppEnv>;
  /** Shows how much is in hand, by kind; asked whenever Prometheus asks. */
  watch(counts: Readonly<Record<string, () => number>>): void;
  /** Answers with all metrics, in Prometheus's text format. */
  readonly show: Handler<AppEnv>;
}

/** Seconds: a digit takes milliseconds, and nothing that is in order takes more than 2 s. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** Why work was refused, by the answer's status. */
const REASONS: Readonly<Record<number, string>> = {
  408: "slow",
  413: "size",
  415: "type",
  422: "broken",
  429: "rate",
  503: "busy",
};

/** Makes an application's metrics; what was counted elsewhere is not in them. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // Both bounded, whatever clients send: a label's every value is a series of its own.
  const customLabels = {
    method: (c: Context) => methodOf(c),
    route: (c: Context) => routeOf(c) ?? "none",
  };
  // Not in place: the package's types forget that a histogram has buckets.
  const requestDuration = { buckets: BUCKETS, customLabels };
  const { registerMetrics, printMetrics } = prometheus({
    registry,
    metricOptions: {
      requestDuration,
      requestsTotal: { customLabels },
    },
  });
  const refused = new Counter({
    name: "edgedoor_refused_total",
    help: "Requests that were refused, by reason",
    labelNames: ["reason"],
    registers: [registry],
  });
  // All of them from the beginning: a rate needs a zero to rise from.
  for (const reason of Object.values(REASONS)) refused.inc({ reason }, 0);
  describeProcess(registry);

  return {
    count: createMiddleware<AppEnv>(async (c, next) => {
      await registerMetrics(c, next);
      const reason = REASONS[c.res.status];
      if (reason !== undefined) refused.inc({ reason });
    }),
    watch(counts) {
      new Gauge({
        name: "edgedoor_in_hand",
        help: "Bodies under way, and requests in work with small and with large images",
        labelNames: ["kind"],
        registers: [registry],
        collect() {
          for (const [kind, count] of Object.entries(counts)) this.set({ kind }, count());
        },
      });
    },
    show: async (c) => {
      const response = await printMetrics(c);
      return c.body(await response.text(), 200, {
        "Content-Type": registry.contentType,
        "Cache-Control": "no-store",
      });
    },
  };
}

/**
 * What Prometheus's own dashboards ask of every process. The package has these too, but reads them
 * from Linux's `/proc`, which Deno keeps from programs: it would say 0 bytes.
 */
function describeProcess(registry: Registry): void {
  const registers = [registry];
  const startedAt = (Date.now() - performance.now()) / 1000;
  new Gauge({
    name: "process_start_time_seconds",
    help: "When the process began, in seconds since 1970",
    registers,
  }).set(startedAt);
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory that the process holds",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Processor time that the process has taken, on all cores",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}
