import assert from "node:assert/strict";
import { decodeValue, encodeValue } from "../../lib/registry/kv_values.ts";
import { checkSignature } from "../../lib/registry/signature.ts";
import { readSigningKey } from "../../lib/registry/signing_key.ts";
import { models, withStore } from "./models_command.ts";

/** Runs a test with a folder of its own. */
async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("models keygen makes a key in the user's settings, and none in the place of another", () =>
  withFolder(async (folder) => {
    const env = { XDG_CONFIG_HOME: folder, EDGEDOOR_SIGNING_KEY: "", NO_COLOR: "1" };
    const { status, stdout } = await models(["keygen", "--signer", "Ada"], env);
    assert.equal(status, 0);
    const path = `${folder}/edgedoor/signing-key.json`;
    const publicKey = /^public key: +(ed25519:[\w-]{43})$/m.exec(stdout)?.[1];
    const said = stdout.replaceAll(/ +/g, " ");
    assert.ok(said.includes(`\nprivate key: ${path}: whoever has this file can sign as you;`));
    assert.match(stdout, /\nA signature .* does not prove that the model has no backdoor\.\n$/);
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    const before = await Deno.readTextFile(path);
    const publicFile = await Deno.readTextFile(`${folder}/edgedoor/signing-key.pub`);
    assert.ok(publicFile.startsWith(`${publicKey} # `));
    const key = await readSigningKey(path);
    assert.deepEqual([key.publicKey, key.signer], [publicKey, "Ada"]);

    const again = await models(["keygen"], env);
    assert.equal(again.status, 2);
    assert.match(again.stderr, /signing-key\.json is there already, .*--out/);
    assert.equal(await Deno.readTextFile(path), before);
  }));

Deno.test("models keygen writes where it is told to, not over a public key, nor into the project", () =>
  withFolder(async (folder) => {
    const { stdout } = await models(["keygen", "--out", `${folder}/a/b.json`, "--json"]);
    const { path, publicPath, signer } = JSON.parse(stdout);
    assert.deepEqual([path, publicPath, signer], [
      `${folder}/a/b.json`,
      `${folder}/a/b.pub`,
      null,
    ]);
    await Deno.remove(path);
    assert.match((await models(["keygen", "--out", path])).stderr, /b\.pub is there already/);
    const inside = new URL("../../key.json", import.meta.url).pathname;
    const refused = await models(["keygen", "--out", inside]);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /it must stand outside the project's folder/);
    const nameless = await models(["keygen", "--out", `${folder}/c.json`, "--signer", "a\nb"]);
    assert.equal(nameless.status, 2);
  }));

Deno.test("models sign signs a version; list, show and verify say who did, and whether it holds", () =>
  withFolder((folder) =>
    withStore(async (path, store, kv) => {
      const keyPath = `${folder}/key.json`;
      const made = await models(["keygen", "--out", keyPath, "--signer", "Ada", "--json"]);
      const { publicKey, key } = JSON.parse(made.stdout);
      const signed = await models(["sign", "bad@1", "--key", keyPath, "--kv", path]);
      assert.equal(signed.stdout, `Signed bad, version 1, with the key ${key} (Ada).\n`);
      // The key of the environment, and the current version.
      const env = { EDGEDOOR_SIGNING_KEY: keyPath };
      const current = await models(["sign", "bad", "--kv", path, "--json"], env);
      assert.deepEqual(JSON.parse(current.stdout), {
        ...{ name: "bad", version: "2", key, signer: "Ada", publicKey },
      });
      assert.equal((await checkSignature((await store.find("bad", "1"))!))?.valid, true);
      const list = await models(["list", "--kv", path]);
      assert.match(list.stdout, new RegExp(`^bad .* Ada \\(${key}\\) +stored$`, "m"));
      const show = await models(["show", "bad", "--kv", path, "--json"]);
      assert.deepEqual(JSON.parse(show.stdout).model.signature, {
        ...{ key, signer: "Ada", valid: true, trusted: false },
      });
      assert.match((await models(["show", "clean", "--kv", path])).stdout, /\nsigned by +–\n/);
      assert.equal((await models(["verify", "--kv", path])).status, 0);
      for (const trusted of [publicKey, `${folder}/key.pub`]) {
        assert.equal(
          (await models(["verify", "bad", "--trusted", trusted, "--kv", path])).status,
          0,
        );
      }
      const strict = { EDGEDOOR_TRUSTED_KEYS: publicKey };
      const unsigned = await models(["verify", "clean", "--kv", path], strict);
      assert.equal(unsigned.status, 1);
      assert.match(unsigned.stdout, /must be signed with one of the trusted keys .* is not signed/);

      // What is bundled comes with the source, and needs no signature.
      await models(["sign", "clean", "--key", keyPath, "--kv", path]);
      assert.equal((await models(["verify", "--kv", path], strict)).status, 0);

      const place = ["models", "bad", "versions", "2"];
      const stored = decodeValue((await kv.get(place)).value) as object;
      await kv.set(place, encodeValue({ ...stored, dataset: "circles" }));
      const changed = await models(["verify", "bad", "--kv", path]);
      assert.equal(changed.status, 1);
      assert.match(
        changed.stdout,
        /bad +2 +served +900 B +false +Cannot trust model "bad" version 2/,
      );
      assert.match((await models(["list", "--kv", path])).stdout, /^bad .* false +stored$/m);
    })
  ));
