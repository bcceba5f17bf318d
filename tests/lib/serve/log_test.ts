import assert from "node:assert/strict";
import { createLog, type LogLevel } from "../../../lib/serve/mod.ts";

/** A log that keeps its lines. */
function keep(format: "text" | "json") {
  const lines: [LogLevel, string][] = [];
  const now = () => new Date(Date.UTC(2026, 10, 27, 12, 0, 0, 5));
  const log = createLog({ format, write: (level, line) => void lines.push([level, line]), now });
  return { log, lines };
}

Deno.test("lines for programs are one JSON document each, whatever is in them", () => {
  const { log, lines } = keep("json");
  const request = { requestId: "a", method: "GET", route: "/", status: 500, milliseconds: 1.5 };
  const error = new Error("two\nlines \u001b[2J");
  log("error", "Cannot\nanswer \u0000", { ...request, error });
  log("info", "up");
  for (const [, line] of lines) assert.match(line, /^[ -~]+$/);
  const [[level, line], [, second]] = lines as [[LogLevel, string], [LogLevel, string]];
  assert.equal(level, "error");
  assert.deepEqual(JSON.parse(line), {
    time: "2026-11-27T12:00:00.005Z",
    level: "error",
    message: "Cannot\nanswer \u0000",
    ...request,
    error: error.stack,
  });
  assert.deepEqual(JSON.parse(second), {
    time: "2026-11-27T12:00:00.005Z",
    level: "info",
    message: "up",
  });
});

Deno.test("lines for people say level, message, request and trace, and move no cursor", () => {
  const { log, lines } = keep("text");
  log("info", "edgedoor listens");
  log("warn", "model \u001b[2J\r\u009bx is broken");
  const error = new Error("bad\u0007");
  error.stack = "Error: bad\u0007\n    at here";
  log("error", "Cannot answer GET /", { requestId: "7", status: 500, error });
  assert.deepEqual(lines, [
    ["info", "edgedoor listens"],
    ["warn", "warning: model \ufffd[2J\ufffd\ufffdx is broken"],
    ["error", "error: Cannot answer GET / (request 7): Error: bad\ufffd\n    at here"],
  ]);
});
