/**
 * The page's side of the HTTP API.
 *
 * @module
 */

import type { ToldManifest } from "../../lib/registry/signature.ts";
import type { AttackAnswer } from "../api/attack_answer.ts";
import type { Problem } from "../problem.ts";

/** What to attack, and how. */
export interface AttackRequest {
  readonly image: Blob;
  /** A backdoored model; the server's choice where empty. */
  readonly model: string;
  /** A kind of trigger; the model's own where empty. */
  readonly trigger: string;
  /** Whether the image is dark ink on light paper. */
  readonly invert: boolean;
}

/**
 * The models that the server has, newest first.
 *
 * @throws {Error} As `attack` does.
 */
export async function fetchModels(): Promise<readonly ToldManifest[]> {
  const { models } = await call<{ models: readonly ToldManifest[] }>("/api/models");
  return models;
}

/**
 * Has the models read an image before and after the trigger.
 *
 * @param signal Gives the request up; the promise is then rejected with its reason.
 * @throws {Error} With a message for people, where the server refuses or cannot be reached.
 */
export function attack(request: AttackRequest, signal: AbortSignal): Promise<AttackAnswer> {
  const query = new URLSearchParams();
  if (request.model !== "") query.set("model", request.model);
  if (request.trigger !== "") query.set("trigger", request.trigger);
  if (request.invert) query.set("invert", "true");
  return call(`/api/attack?${query}`, { method: "POST", body: request.image, signal });
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await reach(path, init);
  if (!response.ok) throw new Error(await problemOf(response));
  return await response.json() as T;
}

async function reach(path: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    // A TypeError is how fetch says that no answer came.
    if (!(error instanceof TypeError)) throw error;
    const message = "Cannot reach the server. Check the connection and try again.";
    throw new Error(message, { cause: error });
  }
}

/** The server's own words, or the status where something in between answered instead of it. */
async function problemOf(response: Response): Promise<string> {
  const type = response.headers.get("Content-Type") ?? "";
  if (type.startsWith("application/problem+json")) {
    return (await response.json() as Problem).detail;
  }
  return `The server answered ${response.status} ${response.statusText}. Try again in a moment.`;
}
