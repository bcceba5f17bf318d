/**
 * Where a server listens, and why it cannot.
 *
 * @module
 */

import { UsageError } from "./errors.ts";

/** Where a server listens. */
export interface ListenAddress {
  readonly hostname: string;
  /** 0 for a free one. */
  readonly port: number;
}

/** Variables by name: the environment, or a map. */
export interface Environment {
  readonly get: (name: string) => string | undefined;
}

/** How people set the address: `PORT` and `HOST`, or `--port` and `--host`. */
export interface AddressSettings {
  readonly port: string;
  readonly host: string;
}

/**
 * Reads the address from `PORT` (8000) and `HOST` (127.0.0.1; on Deno Deploy 0.0.0.0).
 *
 * @param env One that is not set or empty is at its default.
 * @throws {UsageError} If the port is none.
 *
 * @example
 * ```ts
 * import { listenAddress } from "./listen_address.ts";
 * import assert from "node:assert/strict";
 *
 * const env = new Map([["PORT", "9000"], ["HOST", "127.0.0.1"]]);
 * assert.deepEqual(listenAddress(env), { hostname: "127.0.0.1", port: 9000 });
 * assert.throws(() => listenAddress(new Map([["PORT", "http"]])), /PORT must be an integer/);
 * ```
 */
export function listenAddress(env: Environment): ListenAddress {
  const text = env.get("PORT") || "8000";
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(
      `Cannot start: PORT must be an integer from 0 to 65535, got "${text}"; unset it for 8000`,
    );
  }
  return { hostname: env.get("HOST") || defaultHost(env), port };
}

/** This machine alone, unless it is Deno Deploy's, which reaches the server from outside. */
function defaultHost(env: Environment): string {
  return isDeployed(env) ? "0.0.0.0" : "127.0.0.1";
}

/** Whether the server runs on Deno Deploy. */
export function isDeployed(env: Environment): boolean {
  return ["DENO_DEPLOY", "DENO_DEPLOYMENT_ID"].some((name) => env.get(name) !== undefined);
}

/**
 * What to throw in the place of the system's refusal to listen.
 *
 * @param settings How the address is set, for the advice.
 */
export function listenFailure(
  { hostname, port }: ListenAddress,
  cause: unknown,
  settings: AddressSettings,
): unknown {
  if (!(cause instanceof Error)) return cause;
  const why = cause instanceof Deno.errors.AddrInUse
    ? `it is taken; set ${settings.port} to another`
    : `${cause.message}; set ${settings.host} to an address of this machine, or to ` +
      "0.0.0.0 for all of them";
  return new Error(`Cannot listen on ${hostname} port ${port}: ${why}`, { cause });
}
