/**
 * What all hostile requests are made of.
 *
 * @module
 */

import fc from "fast-check";

/** A POST. */
export interface HostileRequest {
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether it is sent in pieces, without its length. */
  readonly isStream: boolean;
}

/** The bundled models. */
export const MODELS = ["mnist-article-clean", "mnist-article-single-target-pattern"] as const;

/** Text that means something to some program, or nothing to any. */
export const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    ...["", " ", "__proto__", "constructor", "toString", "../../etc/passwd", "%00", "null", "[]"],
    ...["a".repeat(3000), "<script>", "\r\n", "\0", "'; --", "🦕", "\ufeff", "${1}", "a[b]=c"],
  ),
);

/** Text as it may stand in a URL or a header. */
export function percent(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Queries of pairs of names and values; some have more, which is no query at all. */
export function queryOf(
  pairs: fc.Arbitrary<readonly (readonly [string, string])[]>,
): fc.Arbitrary<string> {
  const lawful = pairs.map((pairs) =>
    pairs.length === 0 ? "" : `?${pairs.map((pair) => pair.map(percent).join("=")).join("&")}`
  );
  return fc.oneof(
    { weight: 9, arbitrary: lawful },
    {
      weight: 1,
      arbitrary: fc.constantFrom("?", "?&&", "?%", "?%ff=%fe", "?=", "?a=b=c", "??model"),
    },
  );
}

/** How to send a request again: `path`, headers, and the body if it is short. */
export function recipeOf({ path, headers, body, isStream }: HostileRequest): string {
  const sent = body.length <= 8192 ? body.toBase64() : `${body.length} bytes, drawn by the seed`;
  return JSON.stringify({ path, headers, isStream, base64: sent });
}
