/**
 * The host that a request names.
 *
 * @module
 */

import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";

/** A name or an IPv4 address, or an IPv6 address in brackets; a port. */
const form = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i;

/**
 * Middleware that refuses a `Host` that is none with 400. A request's URL is put together of it and
 * the path: a slash in it would choose another route, and other characters make no URL at all.
 */
export const checkHost = createMiddleware(async (c, next) => {
  const host = c.req.header("Host");
  if (host && !(form.test(host) && URL.canParse(`http://${host}/`))) {
    throw new HTTPException(400, {
      message: "Cannot read the request: Host must be a name or an address, with or without a port",
    });
  }
  await next();
});
