/**
 * Models that cannot be served, as `/api/models` and `/v2/health/ready` name them.
 *
 * @module
 */

import * as v from "valibot";

/** What is wrong with which models. */
export const problemsSchema = v.pipe(
  v.array(v.object({
    name: v.nullable(v.string()),
    version: v.nullable(v.string()),
    problem: v.string(),
  })),
  v.description("What cannot be served, and why; without a name, the store itself."),
);
