/**
 * A process that saves one version after another until it is killed; says so at each save.
 *
 * @module
 */

import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

const [path, firstSeed] = Deno.args;
const store = createKvModelStore(await Deno.openKv(path));
for (let seed = Number(firstSeed);; seed++) {
  const blob = patternedBlob(4_800_000, seed);
  await Deno.stdout.write(new TextEncoder().encode("saving\n"));
  await store.save("model", blob, describeTiny());
}
