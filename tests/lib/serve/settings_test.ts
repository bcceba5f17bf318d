import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import { corsOrigins, fairnessSettings, observationSettings } from "../../../lib/serve/mod.ts";

const read = (variables: Record<string, string>) =>
  observationSettings(new Map(Object.entries(variables)));

Deno.test("LOG and METRICS are at their default where they are not set or empty", () => {
  const silent = { log: "text", metrics: false };
  assert.deepEqual(read({}), silent);
  assert.deepEqual(read({ LOG: "", METRICS: "" }), silent);
  assert.deepEqual(read({ LOG: "text", METRICS: "0" }), silent);
  assert.deepEqual(read({ LOG: "json", METRICS: "1" }), { log: "json", metrics: true });
});

Deno.test("a value that LOG or METRICS does not have is wrong usage", () => {
  for (const [name, value] of [["LOG", "JSON"], ["LOG", "xml"], ["METRICS", "true"]] as const) {
    assert.throws(() => read({ [name]: value }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(
        error.message,
        new RegExp(`${name} must be \\w+ or \\w+, got "${value}"; unset`),
      );
      return true;
    });
  }
});

Deno.test("CORS_ORIGINS names origins as browsers send them, or all", () => {
  const origins = (value: string) => corsOrigins(new Map([["CORS_ORIGINS", value]]));
  assert.equal(corsOrigins(new Map()), undefined);
  assert.equal(origins(" "), undefined);
  assert.equal(origins("*"), "*");
  assert.deepEqual(origins("https://a.example , http://localhost:3000"), [
    "https://a.example",
    "http://localhost:3000",
  ]);
  for (
    const wrong of [
      ...["a.example", "https://a.example/", "https://A.example", "https://a.example:443", "null"],
      ...["https://*.example", "ftp://a.example", "*,https://a.example", "https://a.example,"],
    ]
  ) {
    assert.throws(() => origins(wrong), /CORS_ORIGINS must be \* or origins .*; unset it/);
  }
});

Deno.test("RATE_LIMIT and TRUST_PROXY are integers, at their default where they are not set", () => {
  const fairness = (variables: Record<string, string>) =>
    fairnessSettings(new Map(Object.entries(variables)));
  const usual = { rateLimit: 6000, trustedProxies: 0 };
  assert.deepEqual(fairness({}), usual);
  assert.deepEqual(fairness({ RATE_LIMIT: "", TRUST_PROXY: "" }), usual);
  assert.deepEqual(fairness({ RATE_LIMIT: "0", TRUST_PROXY: "2" }), {
    rateLimit: 0,
    trustedProxies: 2,
  });
  for (
    const [name, value] of [["RATE_LIMIT", "-1"], ["RATE_LIMIT", "1e3"], ["TRUST_PROXY", "yes"]]
  ) {
    assert.throws(() => fairness({ [name!]: value! }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, new RegExp(`${name} must be an integer from 0, got "${value}"`));
      return true;
    });
  }
});
