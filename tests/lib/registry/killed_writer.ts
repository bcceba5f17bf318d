/**
 * A process that saves a version of a model and is killed on the way (`tests/fault.ts`).
 *
 * @module
 */

import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

const [path, seed] = Deno.args;
using kv = await Deno.openKv(path);
await createKvModelStore(kv).save("model", patternedBlob(4_800_000, Number(seed)), describeTiny());
