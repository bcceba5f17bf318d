import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sha256 } from "../../../lib/core/digest.ts";
import { createFixtureSource, writeFixture } from "../../../lib/registry/fixture_source.ts";
import { verifySource } from "../../../lib/registry/verify_source.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

Deno.test("every model of a folder is read and digested; what is wrong is told of each", async () => {
  const path = await Deno.makeTempDir();
  try {
    const blob = patternedBlob(100);
    const weights = { sha256: await sha256(blob), bytes: blob.length, chunks: 1 };
    for (const name of ["unreadable", "good", "altered"]) {
      const manifest = {
        ...{ format: 1 as const, name, version: "1", ...describeTiny(), weights },
        createdAt: "2026-01-01T00:00:00.000Z",
      };
      await writeFixture(pathToFileURL(path), manifest, blob);
    }
    await Deno.writeFile(`${path}/altered/weights.safetensors`, patternedBlob(100, 1));
    await Deno.writeTextFile(`${path}/unreadable/manifest.json`, "{}");
    const [altered, good, unreadable] = await verifySource(
      createFixtureSource(pathToFileURL(path)),
    );
    assert.deepEqual(good, {
      ...{ name: "good", version: "1", current: true, problem: null, weights, provenance: null },
    });
    assert.match(altered?.problem ?? "", /"altered": the digest of its weights must be/);
    assert.equal(unreadable?.weights, null);
    assert.match(unreadable?.problem ?? "", /unreadable\/manifest\.json/);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});
