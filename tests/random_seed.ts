/**
 * Loaded before each test file: whatever tests draw unseeded (the cases of fast-check's properties,
 * tfjs's weights and shuffles) is drawn by one seed, so that the same code passes or fails the same
 * way each time. `deno task test --random` draws a new seed, `--seed` takes one.
 */

import fc from "fast-check";
import { createRandom } from "../lib/core/random.ts";

const seed = Number(Deno.env.get("EDGEDOOR_TEST_SEED") ?? 1);

fc.configureGlobal({ seed });
Math.random = createRandom(seed, "Math.random").uniform;
