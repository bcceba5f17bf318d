/**
 * The page's client code as one file.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import type { Artefact } from "./artefact.ts";

const entry = fileURLToPath(new URL("../../routes/islands/demo.ts", import.meta.url));

/** Keeps the tools for sources, and people, away from what is no source. */
const banner = `// Built from routes/islands/ by \`deno task build\`: edit the sources.
// deno-fmt-ignore-file
// deno-lint-ignore-file
`;

/** `routes/islands/demo.ts` with all that it imports, minified for browsers. */
export const clientBundle: Artefact = {
  path: "routes/static/demo.js",
  async build() {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["bundle", "--quiet", "--platform", "browser", "--minify", entry],
    }).output();
    const text = new TextDecoder();
    if (success) return new TextEncoder().encode(banner + text.decode(stdout));
    throw new Error(`Cannot bundle ${entry}: ${text.decode(stderr).trim()}`);
  },
};
