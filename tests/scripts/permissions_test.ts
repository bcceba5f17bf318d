/** What `start` may do once it serves: a probe in its process tries. */

import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createKvModelStore } from "../../lib/registry/mod.ts";
import { encodeArtifacts } from "../../lib/registry/artifacts.ts";
import { heavyJpeg } from "../lib/serve/hostile_images.ts";
import { artifactsOf } from "../lib/registry/tiny_model.ts";
import { fakeManifest } from "../routes/fake_pool.ts";
import { startCommand, withFolder } from "./run_command.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const digit = await Deno.readFile(new URL("../../fixtures/samples/7.png", import.meta.url));

/** A server that `start` runs, and what a probe in it comes to. */
interface Probed {
  readonly url: string;
  /** Tries a deed; `done`, or the error's name. */
  attempt(deed: string, object: string): Promise<string>;
}

async function withServer(
  args: readonly string[],
  test: (server: Probed, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const server = startCommand(
      "start",
      ["--json", "--port", "0", "--host", "127.0.0.1", "--kv", `${folder}/kv.sqlite`, ...args],
      { permissions: "serve", preload: "tests/scripts/permission_probe.ts" },
    );
    const [, probe] = await server.waitFor(/^probe on (\d+)$/m);
    const [, url] = await server.waitFor(/listens on (http:\S+)$/m);
    const attempt = async (deed: string, object: string): Promise<string> => {
      const init = { method: "POST", body: object };
      return await (await fetch(`http://127.0.0.1:${probe}/${deed}`, init)).text();
    };
    await settle(attempt);
    await test({ url: url!, attempt }, folder);
    server.kill("SIGTERM");
    const { status, stderr } = await server.outcome;
    assert.equal(status, 0, stderr);
  });
}

/** Waits until the server has given up what it needed to start: it says that it listens before. */
async function settle(attempt: Probed["attempt"]): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await attempt("read", "/etc/passwd") !== "done") return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

for (const args of [[], ["--workers", "2"]]) {
  const name = ["start", ...args].join(" ");
  Deno.test(`${name} reads what it serves, and may do nothing else once it serves`, () =>
    withServer(args, async ({ url, attempt }, folder) => {
      const allowed = [
        ["read", `${root}fixtures/samples/7.png`],
        ["read", `${root}routes/static/base.css`],
        ["read", `${root}lib/serve/image_thread.ts`],
        ["list", `${root}results`],
        ["env", "PORT"],
      ] as const;
      for (const [deed, object] of allowed) {
        assert.equal(await attempt(deed, object), "done", `${deed} ${object}`);
      }
      const forbidden = [
        ...["/etc/passwd", "/proc/self/environ", `${root}main.ts`, `${root}.git/config`].map((
          path,
        ) => ["read", path] as const),
        ...["read", "write", "remove"].map((deed) => [deed, `${folder}/kv.sqlite`] as const),
        ...[`${root}lib/x`, `${root}fixtures/x`, `${folder}/x`, "/tmp/x"].map((path) =>
          ["write", path] as const
        ),
        ["list", root],
        ["list", "/"],
        ["fetch", url],
        ["fetch", "https://example.org/"],
        ["listen", "127.0.0.1"],
        ["run", Deno.execPath()],
        ["open", "libc.so.6"],
        ["env", "SHELL"],
        ["host", ""],
      ] as const;
      for (const [deed, object] of forbidden) {
        assert.equal(await attempt(deed, object), "NotCapable", `${deed} ${object}`);
      }

      // A Worker is ended and another one started, whose program is read only now.
      const post = (body: Uint8Array<ArrayBuffer>) =>
        fetch(new URL("/api/attack", url), { method: "POST", body });
      const heavy = await post(heavyJpeg());
      assert.ok(heavy.status === 422 || heavy.status === 200, await heavy.text());
      const response = await post(digit);
      assert.equal((await response.json()).original.predictions[0]?.label, 7);
      const page = await fetch(url);
      assert.match(await page.text(), /^<!DOCTYPE html>/);
    }));
}

Deno.test("a model that is saved later is served, by tfjs too, though the server cannot write", () =>
  withServer([], async ({ url }, folder) => {
    await tf.setBackend("wasm");
    const { layers } = tf;
    const model = tf.sequential({
      layers: [
        layers.flatten({ inputShape: [28, 28, 1] }),
        // The engine has no kernel for it.
        layers.layerNormalization(),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    });
    using kv = await Deno.openKv(`${folder}/kv.sqlite`);
    const blob = encodeArtifacts(await artifactsOf(model));
    await createKvModelStore(kv).save("late", blob, fakeManifest("late"));
    const address = new URL("/api/classify?model=late", url);
    const response = await fetch(address, { method: "POST", body: digit });
    const answer = await response.json();
    assert.equal(response.status, 200, answer.detail);
    assert.equal(answer.predictions[0].model, "late");
    model.dispose();
  }));
