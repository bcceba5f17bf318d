/**
 * What routes say of themselves, from which the OpenAPI document is made.
 *
 * @module
 */

import { describeRoute, type DescribeRouteOptions, resolver } from "hono-openapi";
import type { GenericSchema } from "valibot";

/** A body by media type: what its JSON is, or `"bytes"`. */
export type Content = Readonly<Record<string, GenericSchema | "bytes">>;

/** What a route says of itself. */
export interface RouteDescription {
  /** A few words, as a heading. */
  readonly summary: string;
  readonly description?: string;
  /** What it answers with the status 200. */
  readonly answer: Content;
  /** Headers of that answer: what they say, by name. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** What it is sent. */
  readonly body?: Content;
  /** Whether something must be sent; yes unless told. */
  readonly isBodyRequired?: boolean;
  /** Headers and parts of the path; the query is described by what checks it. */
  readonly parameters?: DescribeRouteOptions["parameters"];
  /** Other statuses that it may answer. */
  readonly errors: readonly ErrorStatus[];
}

const errorDescriptions = {
  400: "The request cannot be read, or a value in it is out of range.",
  404: "There is no such model, version, trigger or route.",
  408: "The request was not sent in time.",
  413: "The body is too large.",
  415: "The body is of a type or an encoding that is not accepted.",
  422: "The image is broken, too large, or takes too long to decode.",
  429: "This client has sent too many requests; it may try again later.",
  500: "The server failed, or a stored model is damaged.",
  503: "The server is busy or not ready; the client may try again later.",
} as const;

/** A status of an error. */
export type ErrorStatus = keyof typeof errorDescriptions;

/**
 * Makes the describer of a group of routes: a middleware that lets everything pass.
 *
 * @param tag The group's name.
 * @param error What the body of each error is.
 */
export function createDescriber(tag: string, error: Content) {
  return (
    { summary, description, answer, answerHeaders, body, isBodyRequired = true, ...route }:
      RouteDescription,
  ) =>
    describeRoute({
      tags: [tag],
      summary,
      ...description !== undefined && { description },
      ...route.parameters && { parameters: route.parameters },
      ...body && { requestBody: { required: isBodyRequired, content: contentOf(body) } },
      responses: {
        200: {
          description: "Done.",
          ...answerHeaders && { headers: headersOf(answerHeaders) },
          content: contentOf(answer),
        },
        ...Object.fromEntries(
          route.errors.map((status) => [status, {
            description: errorDescriptions[status],
            content: contentOf(error),
          }]),
        ),
      },
    });
}

function headersOf(headers: NonNullable<RouteDescription["answerHeaders"]>) {
  return Object.fromEntries(
    Object.entries(headers).map((
      [name, description],
    ) => [name, { description, schema: { type: "string" } as const }]),
  );
}

function contentOf(content: Content) {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [
      type,
      {
        schema: schema === "bytes"
          ? { type: "string", format: "binary" } as const
          : resolver(schema),
      },
    ]),
  );
}
