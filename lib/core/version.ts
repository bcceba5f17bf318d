/**
 * The version of this software.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };

/**
 * The version that `deno.json` names: of the release that this is, or that the commits since the
 * last one lead to. What a program writes into manifests tells the two apart (`Runtime.version`).
 */
export const VERSION: string = config.version;
