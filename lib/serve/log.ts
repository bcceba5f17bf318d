/**
 * The server's log: what is said, and how its lines look. Whoever makes one says where lines go.
 *
 * @module
 */

/** How much a line matters; `console` has a method of each name. */
export type LogLevel = "info" | "warn" | "error";

/**
 * What a line may say beside its message. There is no place for a body, a query, a path or a client's
 * address: none of them is logged.
 */
export interface LogFields {
  /** By which a client can name its request. */
  readonly requestId?: string;
  readonly method?: string;
  /** The pattern, for example `/api/models/:name`; left out if no route matches the path. */
  readonly route?: string;
  /** The answer's status. */
  readonly status?: number;
  /** Until the answer's head was ready. */
  readonly milliseconds?: number;
  /** What failed; its stack trace is logged. */
  readonly error?: Error;
}

/** Writes one entry. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

/** How a log is made. */
export interface LogOptions {
  /** Lines for people, or one JSON document a line for programs. */
  readonly format: "text" | "json";
  /** Takes a line, without its end. */
  readonly write: (level: LogLevel, line: string) => void;
  /** The time of an entry. */
  readonly now?: () => Date;
}

/**
 * Makes a log.
 *
 * @example
 * ```ts
 * import { createLog } from "./log.ts";
 * import assert from "node:assert/strict";
 *
 * const lines: string[] = [];
 * const log = createLog({ format: "text", write: (_level, line) => lines.push(line) });
 * log("warn", "the store is away", { requestId: "1" });
 * assert.deepEqual(lines, ["warning: the store is away (request 1)"]);
 * ```
 */
export function createLog({ format, write, now = () => new Date() }: LogOptions): Log {
  return (level, message, fields = {}) => {
    const line = format === "text"
      ? asText(level, message, fields)
      : asJson(level, message, { ...fields, time: now().toISOString() });
    write(level, line);
  };
}

const WORDS = { info: "", warn: "warning: ", error: "error: " } as const;

function asText(level: LogLevel, message: string, { requestId, error }: LogFields): string {
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  const trace = error === undefined ? "" : `: ${traceOf(error)}`;
  return printable(`${WORDS[level]}${message}${request}${trace}`);
}

function asJson(
  level: LogLevel,
  message: string,
  { time, error, ...fields }: LogFields & { readonly time: string },
): string {
  const trace = error && { error: traceOf(error) };
  return JSON.stringify({ time, level, message, ...fields, ...trace });
}

function traceOf(error: Error): string {
  return error.stack ?? error.message;
}

/** Names of models and the like come from outside: none may move a terminal's cursor. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");
}
