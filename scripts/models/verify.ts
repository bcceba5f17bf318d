/**
 * `deno task models verify`: whether what is stored and bundled is as it was written and signed.
 *
 * @module
 */

import { NotFoundError } from "../../lib/core/errors.ts";
import { formatBytes } from "../../lib/core/format.ts";
import { fitTable } from "../../lib/core/table.ts";
import type { ModelAddress } from "../../lib/registry/model_address.ts";
import type { ModelSource, ServedManifest } from "../../lib/registry/source.ts";
import type { ModelStore, VerifiedVersion, VerifyOptions } from "../../lib/registry/store.ts";
import { verifySource } from "../../lib/registry/verify_source.ts";
import type { CommandResult } from "../cli/cli.ts";
import { outputWidth } from "../cli/output_width.ts";
import { describeSignature } from "./describe_signature.ts";

/** Where models are. */
interface Models {
  readonly store: ModelStore;
  readonly bundled: ModelSource;
}

/** What was found, and where. */
interface VerifiedModel extends VerifiedVersion {
  readonly source: ServedManifest["source"];
}

/** Reads every byte again, of all models or of those of a name. */
export async function verify(
  models: Models,
  { trusted, ...asked }: Partial<ModelAddress> & VerifyOptions,
): Promise<CommandResult> {
  const found = await verifyAll(models, asked, { trusted });
  const bad = found.filter(({ problem }) => problem !== null);
  const table = fitTable(
    [
      ["MODEL", "VERSION", "", "SIZE", "SIGNED", "STATE"],
      ...found.map(({ name, version, current, problem, weights, provenance, source }) => [
        name,
        version,
        source === "fixture" ? "bundled" : current ? "served" : "",
        weights === null ? "?" : formatBytes(weights.bytes),
        describeSignature(provenance),
        problem ?? `good, sha256 ${weights?.sha256.slice(0, 12)}`,
      ]),
    ],
    "<><><<",
    { width: outputWidth() },
  );
  const advice = bad
    .filter(({ current, source }) => current && source === "kv")
    .map((entry) => adviseOn(entry, found));
  const summary = `${found.length - bad.length} of ${found.length} versions are good.`;
  return {
    json: {
      ok: bad.length === 0,
      models: found.map(({ provenance, ...model }) => ({ ...model, signature: provenance })),
    },
    text: [table, "", summary, ...advice].join("\n"),
    status: bad.length === 0 ? 0 : 1,
  };
}

/** Looks at all models, or at those of a name, stored and bundled. */
async function verifyAll(
  { store, bundled }: Models,
  { name, version }: Partial<ModelAddress>,
  options: VerifyOptions,
): Promise<readonly VerifiedModel[]> {
  const isAsked = (each: VerifiedVersion) =>
    (name === undefined || each.name === name) &&
    (version === undefined || each.version === version);
  // What comes with the source is trusted as the source is.
  const ofBundle = (await verifySource(bundled)).filter(isAsked);
  const ofStore = await store.verify(name, version, options).catch((error: unknown) => {
    if (error instanceof NotFoundError && ofBundle.length > 0) return [];
    throw error;
  });
  return [
    ...ofStore.map((each): VerifiedModel => ({ ...each, source: "kv" })),
    ...ofBundle.map((each): VerifiedModel => ({ ...each, source: "fixture" })),
  ];
}

/** What to do if the served version is the broken one. */
function adviseOn({ name, version }: VerifiedVersion, all: readonly VerifiedModel[]): string {
  const good = all.find((each) =>
    each.source === "kv" && each.name === name && each.problem === null &&
    Number(each.version) < Number(version)
  );
  return good === undefined
    ? `No good version of ${name} is left: train it again.`
    : `Version ${good.version} of ${name} is good, and served in its place; to be rid of the other: ` +
      `deno task models delete ${name}@${version}`;
}
