/**
 * Who sends a request.
 *
 * @module
 */

import type { Context } from "hono";

/**
 * The address of the client that sent a request, as a key: limits count by it. IPv6 clients own 2⁶⁴
 * addresses, so that only the first half of one counts.
 *
 * @param proxies How many proxies of one's own stand in front. Each adds, at the right end of
 * `X-Forwarded-For`, the address that it was connected from; what stands further left anybody may have
 * written.
 * @returns `"unknown"` if there is no connection, as in a test.
 */
export function clientOf(c: Context, proxies: number): string {
  const info: Partial<Deno.ServeHandlerInfo<Deno.NetAddr>> | undefined = c.env;
  const connected = info?.remoteAddr?.hostname ?? "unknown";
  if (proxies === 0) return keyOf(connected);
  const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",").map((each) => each.trim());
  return keyOf(forwarded.at(-proxies) || connected);
}

/** Whether a client, as `clientOf` tells it, is this machine itself. */
export function isLoopback(client: string): boolean {
  return client.startsWith("127.");
}

function keyOf(address: string): string {
  const bare = address.replace(/^\[(.*)\](:\d+)?$/, "$1").toLowerCase();
  const [, v4] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/.exec(bare) ?? [];
  if (v4 !== undefined || !bare.includes(":")) return v4 ?? bare;
  if (bare === "::1") return "127.0.0.1";
  const [left = "", right] = bare.split("::");
  const groups = left === "" ? [] : left.split(":");
  if (right !== undefined) {
    const rest = right === "" ? [] : right.split(":");
    groups.push(...Array(Math.max(0, 8 - groups.length - rest.length)).fill("0"), ...rest);
  }
  return groups.slice(0, 4).join(":");
}
