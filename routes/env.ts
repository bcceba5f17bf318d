/**
 * What every route finds in its context.
 *
 * @module
 */

import type { RequestIdVariables } from "hono/request-id";
import type { TimingVariables } from "hono/timing";
import type { ModelPool } from "../lib/serve/mod.ts";

/** The environment of the app and its sub-apps; `createApp` sets the variables. */
export interface AppEnv {
  Variables: RequestIdVariables & TimingVariables & {
    /** The models that are served. */
    pool: ModelPool;
  };
}
