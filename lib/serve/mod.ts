/**
 * What a server needs beside HTTP.
 *
 * @module
 */

export * from "./pool.ts";
