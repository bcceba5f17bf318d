/**
 * What an operator sets through the environment, beside the address and the store.
 *
 * @module
 */

import { UsageError } from "../core/errors.ts";
import type { Environment } from "../core/listen_address.ts";

/** How the server lets itself be watched. */
export interface ObservationSettings {
  /** `LOG`: lines for people, which tell of problems, or JSON lines, one more for every request. */
  readonly log: "text" | "json";
  /** `METRICS`: whether `/metrics` is served. */
  readonly metrics: boolean;
}

/**
 * Reads `LOG` (`text` or `json`) and `METRICS` (`0` or `1`); one that is not set or empty is at the
 * first of its values.
 *
 * @throws {UsageError} If one has another value.
 *
 * @example
 * ```ts
 * import { observationSettings } from "./settings.ts";
 * import assert from "node:assert/strict";
 *
 * const settings = observationSettings(new Map([["LOG", "json"]]));
 * assert.deepEqual(settings, { log: "json", metrics: false });
 * ```
 */
export function observationSettings(env: Environment): ObservationSettings {
  return {
    log: choice(env, "LOG", ["text", "json"]),
    metrics: choice(env, "METRICS", ["0", "1"]) === "1",
  };
}

/**
 * Reads `CORS_ORIGINS`: whose pages may read the API.
 *
 * @returns `*` for all, or their origins; `undefined` if it is not set or empty.
 * @throws {UsageError} If it has something else.
 *
 * @example
 * ```ts
 * import { corsOrigins } from "./settings.ts";
 * import assert from "node:assert/strict";
 *
 * const env = new Map([["CORS_ORIGINS", "https://a.example, http://localhost:3000"]]);
 * assert.deepEqual(corsOrigins(env), ["https://a.example", "http://localhost:3000"]);
 * ```
 */
export function corsOrigins(env: Environment): readonly string[] | "*" | undefined {
  const text = env.get("CORS_ORIGINS")?.trim();
  if (!text) return undefined;
  if (text === "*") return text;
  const origins = text.split(",").map((origin) => origin.trim());
  const wrong = origins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return origins;
  throw new UsageError(
    "Cannot start: CORS_ORIGINS must be * or origins separated by commas, for example " +
      `https://example.org, got "${wrong}"; unset it to let no other origin read`,
  );
}

/** Whether a text is just what browsers send as `Origin`. */
function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** How the server is fair to its clients. */
export interface FairnessSettings {
  /** `RATE_LIMIT`: POSTs that a client may send in a minute; 0 for no limit. */
  readonly rateLimit: number;
  /** `TRUST_PROXY`: how many proxies of one's own stand in front, and say who the client is. */
  readonly trustedProxies: number;
}

/**
 * Reads `RATE_LIMIT` (6,000) and `TRUST_PROXY` (0); one that is not set or empty is at its default.
 *
 * @throws {UsageError} If one is no integer from 0.
 *
 * @example
 * ```ts
 * import { fairnessSettings } from "./settings.ts";
 * import assert from "node:assert/strict";
 *
 * const settings = fairnessSettings(new Map([["TRUST_PROXY", "1"]]));
 * assert.deepEqual(settings, { rateLimit: 6000, trustedProxies: 1 });
 * ```
 */
export function fairnessSettings(env: Environment): FairnessSettings {
  return {
    rateLimit: count(env, "RATE_LIMIT", 6000),
    trustedProxies: count(env, "TRUST_PROXY", 0),
  };
}

function count(env: Environment, name: string, preset: number): number {
  const text = env.get(name) || String(preset);
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(
    `Cannot start: ${name} must be an integer from 0, got "${text}"; unset it for ${preset}`,
  );
}

/** The value of a variable, which is the first of some unless it is set. */
function choice<const T extends string>(
  env: Environment,
  name: string,
  values: readonly [T, ...T[]],
): T {
  const text = env.get(name) || values[0];
  const value = values.find((value) => value === text);
  if (value !== undefined) return value;
  throw new UsageError(
    `Cannot start: ${name} must be ${values.join(" or ")}, got "${text}"; unset it for ${
      values[0]
    }`,
  );
}
