import assert from "node:assert/strict";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool } from "../fake_pool.ts";
import { bodies, encoded, paths, tensors } from "./hostile_bodies.ts";
import { good, json, requests } from "./hostile_requests.ts";
import { INFER } from "./infer_case.ts";

const groups = { json, requests, tensors, encoded, bodies, paths };

for (const [group, cases] of Object.entries(groups)) {
  Deno.test(`hostile requests are refused each with its status: ${group}`, async () => {
    const app = createApp({
      pool: createFakePool(),
      log: (_level, message, { error } = {}) => assert.fail(`${message}: ${error?.stack}`),
    });
    for (
      const { what, status, body, headers = {}, path = INFER, method = "POST", error } of cases
    ) {
      const isRaw = typeof body === "string" || body instanceof Uint8Array ||
        body instanceof ReadableStream;
      const sent = isRaw ? body as BodyInit : JSON.stringify(body);
      const response = await app.request(path, { method, headers, body: sent });
      const text = await response.text();
      assert.equal(response.status, status, `${what}: ${text}`);
      if (status === 200) continue;
      assert.equal(response.headers.get("Content-Type"), "application/json", what);
      const answer = JSON.parse(text);
      assert.deepEqual(Object.keys(answer), ["error"], what);
      assert.match(answer.error, error ?? /^Cannot /, what);
      assert.ok(
        answer.error.length < 400 + path.length,
        `${what}: ${answer.error.length} characters`,
      );
    }
    const after = await app.request(INFER, { method: "POST", body: JSON.stringify(good) });
    assert.equal(after.status, 200);
  });
}
