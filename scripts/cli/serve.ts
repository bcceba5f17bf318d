/**
 * Serving, for the commands that do: their flags, and the server.
 *
 * @module
 */

import { type Command, InvalidArgumentError } from "commander";
import { type ListenAddress, listenAddress, listenFailure } from "../../lib/core/listen_address.ts";
import { startServer } from "../../server.ts";
import { integer } from "./arguments.ts";
import { defaultStore } from "./default_store.ts";
import { dropPermissions } from "./drop_permissions.ts";
import { kvOption } from "./kv.ts";

/** The flags of commands that serve; each stands above its variable in the environment. */
export interface ServeFlags {
  readonly port?: number;
  readonly host?: string;
  readonly kv?: string;
}

/** Adds the flags of commands that serve. */
export function addServeFlags(command: Command): Command {
  return command
    .option(
      "--port <n>",
      "port to serve on, 0 for a free one (default: PORT, or 8000)",
      integer(0, 65_535),
    )
    .option(
      "--host <address>",
      "address to serve on, 0.0.0.0 for all of this machine (default: HOST, or 127.0.0.1)",
      host,
    )
    .addOption(kvOption("EDGEDOOR_KV, or Deno's default store"));
}

/**
 * Hands the flags to the server, which reads its settings from the environment, and looks whether it
 * can listen there: before minutes of work.
 *
 * @returns The address, with a free port if port 0 is asked for.
 * @throws {UsageError} If the environment names a port that is none.
 * @throws {Error} If the address is taken, or none of this machine.
 */
export function prepareToServe({ port, host, kv }: ServeFlags): ListenAddress {
  if (port !== undefined) Deno.env.set("PORT", String(port));
  if (host !== undefined) Deno.env.set("HOST", host);
  const store = kv ?? (Deno.env.get("EDGEDOOR_KV") || defaultStore());
  if (store !== undefined) Deno.env.set("EDGEDOOR_KV", store);
  const address = listenAddress(Deno.env);
  try {
    using listener = Deno.listen(address);
    return { ...address, port: listener.addr.port };
  } catch (error) {
    throw listenFailure(address, error, { port: "--port", host: "--host" });
  }
}

/** A server that runs. */
export interface RunningServer {
  readonly address: ListenAddress;
  /** Resolves when it was stopped and has answered what was in flight. */
  readonly finished: Promise<void>;
}

/**
 * Starts the server, which reads its settings from the environment and prints its address. From then
 * on this process may do no more than a server needs (`dropPermissions`).
 */
export async function serve(): Promise<RunningServer> {
  const server = await startServer();
  await dropPermissions(Deno.env.get("EDGEDOOR_KV"));
  const { hostname, port } = server.addr;
  return { address: { hostname, port }, finished: server.finished };
}

function host(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must be a name or an address, for example 127.0.0.1.");
}
