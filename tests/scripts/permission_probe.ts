/**
 * Preloaded into a server: tells what its process may do, while it serves.
 *
 * It listens on a port of its own, which it prints, and tries what it is told to try: the path is the
 * deed, the body its object.
 *
 * @module
 */

const deeds: Readonly<Record<string, (object: string) => unknown>> = {
  "/read": (path) => Deno.readFileSync(path),
  "/list": (path) => [...Deno.readDirSync(path)],
  "/write": (path) => Deno.writeTextFileSync(path, "x"),
  "/remove": (path) => Deno.removeSync(path),
  "/fetch": async (url) => await (await fetch(url)).text(),
  "/listen": (hostname) => Deno.listen({ hostname, port: 0 }).close(),
  "/run": (program) => new Deno.Command(program).outputSync(),
  "/open": (path) => Deno.dlopen(path, {}).close(),
  "/env": (name) => Deno.env.get(name),
  "/host": () => Deno.hostname(),
};

const probe = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
  try {
    await deeds[new URL(request.url).pathname]?.(await request.text());
    return new Response("done");
  } catch (error) {
    return new Response(error instanceof Error ? error.name : String(error));
  }
});
Deno.stderr.writeSync(new TextEncoder().encode(`probe on ${probe.addr.port}\n`));
// The server decides when its process ends.
probe.unref();
