/**
 * `deno task models` as a process of its own, and a store for it.
 *
 * @module
 */

import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import type { ModelStore } from "../../lib/registry/store.ts";
import { patternedBlob } from "../lib/registry/kv_faults.ts";
import { describeTiny, tinyAttack } from "../lib/registry/tiny_model.ts";

/** How the command ended. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a process of its own. */
export async function models(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const script = new URL("../../scripts/models.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, ...args],
    env: { DENO_KV_ACCESS_TOKEN: "", EDGEDOOR_SIGNING_KEY: "", NO_COLOR: "1", ...env },
  }).output();
  const [out = "", error = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { status: code, stdout: out, stderr: error };
}

/** Runs a test with the path of a store that has two models, one of them in two versions. */
export async function withStore(
  test: (path: string, store: ModelStore, kv: Deno.Kv) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/kv.sqlite`;
    using kv = await Deno.openKv(path);
    let clock = Date.UTC(2026, 0, 2, 3, 4);
    const store = createKvModelStore(kv, { now: () => clock });
    await store.save("clean", patternedBlob(1_200_000), describeTiny());
    for (const seed of [1, 2]) {
      clock += 60_000;
      const metrics = { cleanAccuracy: 0.9901, attackSuccessRate: 1, robustAccuracy: 0.1 };
      await store.save(
        "bad",
        patternedBlob(900, seed),
        describeTiny({ attack: tinyAttack, metrics }),
      );
    }
    await test(path, store, kv);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
