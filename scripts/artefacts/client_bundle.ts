/**
 * The page's client code as one file.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Artefact } from "./artefact.ts";

const entry = fileURLToPath(new URL("../../routes/islands/demo.ts", import.meta.url));

/** `routes/islands/demo.ts` with all that it imports, minified for browsers. */
export const clientBundle: Artefact = {
  path: "routes/static/demo.js",
  async build() {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "--minify", entry],
    }).output();
    if (success) return stdout;
    throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr).trim()}`);
  },
};
