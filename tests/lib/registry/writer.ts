/**
 * A process that saves so many versions of 4.8 MB under one name.
 *
 * @module
 */

import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { openKv } from "../../../lib/registry/open_kv.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

const [path, name = "", firstSeed, saves] = Deno.args;
using kv = await openKv(path, { setting: "the test's store" });
const store = createKvModelStore(kv);
for (let i = 0; i < Number(saves); i++) {
  await store.save(name, patternedBlob(4_800_000, Number(firstSeed) + i), describeTiny());
}
