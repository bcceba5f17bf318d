/** A registry of npm packages with one package, or none, that Deno's npm client is pointed at. */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { NpmPackage } from "../../../lib/data/npm_package.ts";

/** The registry that this process, and those that it starts, know as npm's, until disposed of. */
export interface FakeRegistry extends AsyncDisposable {
  readonly source: NpmPackage;
  /** How often the package's archive was asked for. */
  readonly fetched: () => number;
}

/** Serves a package of some files; 404 to everything if there are none. */
export function fakeRegistry(files: Readonly<Record<string, Uint8Array>>): FakeRegistry {
  const name = `tiny-data-${crypto.randomUUID()}`;
  const version = "1.0.0";
  const manifest = new TextEncoder().encode(JSON.stringify({ name, version }));
  const archive = new Uint8Array(gzipSync(tar({ "package.json": manifest, ...files })));
  const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  let fetched = 0;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    ({ url }) => {
      const { pathname, origin } = new URL(url);
      if (Object.keys(files).length === 0) return new Response("none here", { status: 404 });
      if (pathname.endsWith(".tgz")) {
        fetched++;
        return new Response(archive);
      }
      const dist = { tarball: `${origin}/${name}.tgz`, integrity };
      return Response.json({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { name, version, dist } },
      });
    },
  );
  const before = Deno.env.get("NPM_CONFIG_REGISTRY");
  Deno.env.set("NPM_CONFIG_REGISTRY", `http://127.0.0.1:${server.addr.port}/`);
  return {
    source: { name, version, size: "1 kB", integrity },
    fetched: () => fetched,
    async [Symbol.asyncDispose]() {
      if (before === undefined) Deno.env.delete("NPM_CONFIG_REGISTRY");
      else Deno.env.set("NPM_CONFIG_REGISTRY", before);
      await server.shutdown();
    },
  };
}

/** An archive in the format of POSIX.1-1988 (ustar), all of it in the folder `package`. */
function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = new Uint8Array(512);
    const put = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
    put(`package/${name}`, 0);
    put("0000644\0", 100);
    put(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    put("00000000000\0", 136);
    // The sum is over the header with blanks in the sum's place.
    put(" ".repeat(8), 148);
    put("0", 156);
    put("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte);
    put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    return [header, padded];
  });
  const archive = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 1024));
  let at = 0;
  for (const block of blocks) {
    archive.set(block, at);
    at += block.length;
  }
  return archive;
}
