/**
 * A self-hosted Deno KV server for tests.
 *
 * @module
 */

/** A running server. */
export interface DenokvServer extends AsyncDisposable {
  /** Its KV Connect URL. */
  readonly url: string;
  /** What `DENO_KV_ACCESS_TOKEN` must hold for `Deno.openKv(url)`. */
  readonly token: string;
}

/**
 * Starts the server whose binary `EDGEDOOR_TEST_DENOKV` names, on a free loopback port, with an
 * empty database in a temporary folder; both are gone once it is disposed of.
 */
export async function startDenokv(): Promise<DenokvServer> {
  const binary = Deno.env.get("EDGEDOOR_TEST_DENOKV");
  if (!binary) {
    throw new Error(
      "Cannot start denokv: EDGEDOOR_TEST_DENOKV must name its binary, got nothing; deno task test " +
        "sets it, and cargo install denokv --locked builds one",
    );
  }
  const directory = await Deno.makeTempDir();
  const token = crypto.randomUUID();
  const address = freeAddress();
  const server = new Deno.Command(binary, {
    args: [
      ...["--sqlite-path", `${directory}/kv.sqlite`],
      ...["serve", "--addr", address, "--access-token", token],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const stop = async () => {
    server.kill("SIGKILL");
    await server.status;
    await Deno.remove(directory, { recursive: true });
  };
  try {
    await waitForPort(address);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${address}`, token, [Symbol.asyncDispose]: stop };
}

function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
}

async function waitForPort(address: string): Promise<void> {
  const [hostname = "", port] = address.split(":");
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      (await Deno.connect({ hostname, port: Number(port) })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      if (performance.now() > deadline) {
        throw new Error(`Cannot start denokv: it must listen on ${address} within 10 s`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
