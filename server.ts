/**
 * The server: environment, Deno KV, application, `Deno.serve`.
 *
 * Reads `PORT` (8000; 0 for a free one), `HOST` (127.0.0.1; on Deno Deploy 0.0.0.0) and `EDGEDOOR_KV`
 * (a path, `:memory:` or a KV Connect URL; Deno's default store), `CORS_ORIGINS`, `LOG`, `METRICS`,
 * `RATE_LIMIT` and `TRUST_PROXY` (`lib/serve/settings.ts`) from the environment, logs the address and
 * serves until SIGINT or SIGTERM. If `EDGEDOOR_TRUSTED_KEYS` names public keys (`readTrustedKeys`), only
 * models that one of them signed are served. With `REUSE_PORT=1` it is one of several that share a port,
 * which Linux shares connections out to.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "./lib/core/errors.ts";
import {
  isDeployed,
  type ListenAddress,
  listenAddress,
  listenFailure,
} from "./lib/core/listen_address.ts";
import {
  checkKvPlace,
  checkSignatures,
  createFixtureSource,
  createKvModelStore,
  createSteadyKv,
  isRemoteKv,
  openKv,
  overlay,
  reachKv,
  readTrustedKeys,
  rememberList,
} from "./lib/registry/mod.ts";
import {
  corsOrigins,
  createImageReader,
  createLog,
  createModelPool,
  fairnessSettings,
  Life,
  type Log,
  type LogLevel,
  observationSettings,
} from "./lib/serve/mod.ts";
import { createApp } from "./routes/app.ts";

/** Time to finish what is in flight: Deno Deploy kills 5 seconds after its SIGINT. */
const STOP_MILLISECONDS = 4_000;

/** Milliseconds in which the first requests have the machine to themselves. */
const CHECK_AHEAD_AFTER = 5_000;

/** Starts the server; if it cannot start, logs why and ends the process. */
export async function startServer(): Promise<Deno.HttpServer<Deno.NetAddr>> {
  try {
    return await start();
  } catch (error) {
    // Those who set the log's form wrong are told too.
    const format = Deno.env.get("LOG") === "json" ? "json" : "text";
    const message = error instanceof Error ? error.message : String(error);
    createLog({ format, write })("error", message);
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
}

async function start(): Promise<Deno.HttpServer<Deno.NetAddr>> {
  const address = listenAddress(Deno.env);
  const settings = observationSettings(Deno.env);
  const fairness = fairnessSettings(Deno.env);
  const log = createLog({ format: settings.log, write });
  const trusted = await trustedKeys();
  const kv = await openStore(log);

  const bundled = createFixtureSource(new URL("fixtures/models/", import.meta.url));
  const models = overlay(
    rememberList(checkSignatures(createKvModelStore(kv), trusted)),
    checkSignatures(bundled, trusted),
  );
  const pool = createModelPool(models, {
    report: ({ problem }, state) =>
      state === "new" ? log("warn", problem) : log("info", `Solved: ${problem}`),
    // Deno Deploy counts what is read.
    checkAheadAfter: isDeployed(Deno.env) ? undefined : CHECK_AHEAD_AFTER,
  });
  const life = new Life();
  const app = createApp({
    pool,
    life,
    images: createImageReader(),
    ...fairness,
    log,
    corsOrigins: corsOrigins(Deno.env),
    logsAccess: settings.log === "json",
    // Its packages are for those who ask for it.
    metrics: settings.metrics ? (await importMetrics()).createMetrics() : undefined,
  });

  // Before it listens: a signal may come at once.
  stopOnSignal(async () => {
    const finished = life.stop().then(() => server.shutdown());
    await Promise.race([finished, delay(STOP_MILLISECONDS)]);
    kv[Symbol.dispose]();
  });
  const onListen = (address: Deno.NetAddr) => log("info", `edgedoor listens on ${urlOf(address)}`);
  const reusePort = Deno.env.get("REUSE_PORT") === "1";
  const server = listen({ ...address, reusePort, onListen }, app.fetch);
  return server;
}

/** Its packages are for those who ask for it (see `load_classifier.ts` for why the file is computed). */
async function importMetrics(): Promise<typeof import("./routes/metrics.ts")> {
  return await import(new URL("./routes/metrics.ts", import.meta.url).href);
}

/**
 * Opens the store that `EDGEDOOR_KV` names. One on a server may be away: what else there is to serve is
 * served meanwhile. One that is not to be opened on this machine ends the start.
 */
async function openStore(log: Log) {
  const where = Deno.env.get("EDGEDOOR_KV") || undefined;
  const accessToken = Deno.env.get("DENO_KV_ACCESS_TOKEN") ?? "";
  const open = () => openKv(where, { setting: "EDGEDOOR_KV", accessToken });
  if (!isRemoteKv(where)) {
    const database = await open();
    return createSteadyKv({ open: () => Promise.resolve(database) });
  }
  checkKvPlace(where, { setting: "EDGEDOOR_KV", accessToken });
  return createSteadyKv({
    open,
    reach: (signal) => reachKv(where, { accessToken, signal }),
    onRefusal: ({ message }) => log("warn", message),
  });
}

/** The public keys that are trusted; `undefined` if none are named, and everything is served. */
async function trustedKeys() {
  const setting = "EDGEDOOR_TRUSTED_KEYS";
  const value = Deno.env.get(setting);
  return value === undefined ? undefined : await readTrustedKeys(value, setting);
}

type ListenOptions = ListenAddress & Pick<Deno.ServeTcpOptions, "onListen" | "reusePort">;

function listen(options: ListenOptions, handler: Deno.ServeHandler<Deno.NetAddr>) {
  try {
    return Deno.serve(options, handler);
  } catch (cause) {
    throw listenFailure(options, cause, { port: "PORT", host: "HOST" });
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  // Windows knows no SIGTERM.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  const onSignal = async () => {
    // From here on a second signal kills.
    for (const signal of signals) Deno.removeSignalListener(signal, onSignal);
    await stop();
    Deno.exit(0);
  };
  for (const signal of signals) Deno.addSignalListener(signal, onSignal);
}

/** Every interface of this machine is also `localhost`, which is what a person can open. */
function urlOf({ hostname, port }: Deno.NetAddr): string {
  const isEvery = hostname === "0.0.0.0" || hostname === "::";
  const host = isEvery ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  return `http://${host}:${port}/`;
}

/**
 * Writes a line of the log. Deno Deploy and OpenTelemetry take logs from the console, and how much a
 * line matters from its method. Elsewhere all goes to standard error: standard output is for answers
 * of commands.
 */
function write(level: LogLevel, line: string): void {
  const isCollected = isDeployed(Deno.env) || Boolean(Deno.env.get("OTEL_DENO"));
  // deno-lint-ignore no-console -- the log's one way out
  console[isCollected ? level : "error"](line);
}
