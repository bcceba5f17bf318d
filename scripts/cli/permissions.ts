/**
 * Deno's flags for programs: above all, what it lets them do. The tasks of `deno.json` spell them out
 * again, for they are no programs; a test holds both together. (Named sets of permissions in `deno.json` make Deno print a warning at
 * every command.)
 *
 * @module
 */

/**
 * Of the server: no other program, and of the environment its settings alone. Once it listens, it gives
 * up to write, and to read more than stands behind `/` here (`dropPermissions`); nobody is asked for
 * what it does not have.
 */
const serve: readonly string[] = [
  // Garbage of requests is then collected every 20 of them for a quarter of a millisecond. In V8's own
  // 16 MiB, one request of 80 waits for one: it takes twice as long as the others.
  "--v8-flags=--max-semi-space-size=4",
  "--allow-net",
  "--no-prompt",
  "--allow-read=/,deno.json,fixtures,lib,node_modules,results,routes/static",
  "--allow-write",
  "--allow-env=PORT,HOST,REUSE_PORT,EDGEDOOR_KV,CORS_ORIGINS,EDGEDOOR_TRUSTED_KEYS,LOG,METRICS,RATE_LIMIT,TRUST_PROXY,OTEL_DENO,INIT_CWD,DENO_KV_ACCESS_TOKEN,DENO_DEPLOY,DENO_DEPLOYMENT_ID,DENO_DIR,XDG_CACHE_HOME,HOME,LOCALAPPDATA," +
  "CLICOLOR_FORCE,FORCE_COLOR,NO_COLOR",
];

/** Of what trains, evaluates and measures, in processes and threads of its own. */
const train: readonly string[] = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run",
];

/** Deno's flags, by what is done. */
export const permissions = { serve, train } as const;
