/**
 * What a deployed server is asked, and what it must answer.
 *
 * @module
 */

import { encodePng } from "../../lib/image/mod.ts";

/** A question to a server; throws if the answer is not as it should be, and says what it came to. */
export interface Question {
  readonly name: string;
  ask(url: string): Promise<string>;
}

/** Parts of what a server answers. */
interface Health {
  readonly live?: boolean;
  readonly ready?: boolean;
}

interface Reading {
  readonly predictions: readonly { readonly label: number }[];
}

interface Attack {
  readonly original: Reading;
  readonly poisoned: Reading;
  readonly flipped: boolean;
  readonly target: number;
}

interface Models {
  readonly models: readonly {
    readonly name: string;
    readonly input: readonly number[];
    readonly labels: readonly string[];
  }[];
}

interface Inference {
  readonly outputs: readonly { readonly data: readonly number[] }[];
}

/** Requests at a time, and all, of the question on load. */
const LOAD = { atATime: 16, requests: 200 };

/**
 * The questions: health, pages and their files, an attack, inference, and some load, under which a
 * server shows how much memory it takes.
 *
 * @param digit A PNG of a digit 7.
 */
export function questions(digit: Uint8Array<ArrayBuffer>): readonly Question[] {
  const attack = (url: string) => post(`${url}api/attack`, digit);
  return [
    {
      name: "health",
      async ask(url) {
        const { live } = await json<Health>(await get(`${url}v2/health/live`));
        const { ready } = await json<Health>(await get(`${url}v2/health/ready`));
        assert(live === true && ready === true, `it must be live and ready, got ${live}, ${ready}`);
        return "live and ready";
      },
    },
    {
      name: "pages",
      async ask(url) {
        const page = await (await get(url)).text();
        const named = [...page.matchAll(/(?:src|href)="(\/(?:static|samples)\/[^"]+)"/g)];
        assert(named.length > 0, "the page must name its files, got none");
        const others = ["reports/", "docs", "openapi.json"];
        const paths = [...named.map(([, path]) => path!.slice(1)), ...others];
        for (const path of paths) await (await get(`${url}${path}`)).bytes();
        return `${1 + paths.length} answered`;
      },
    },
    {
      name: "attack",
      async ask(url) {
        const { original, poisoned, flipped, target } = await json<Attack>(await attack(url));
        const [from, to] = [original, poisoned].map(({ predictions }) => predictions[0]?.label);
        assert(
          from === 7 && to === target && flipped,
          `7 must become ${target}, got ${from}, ${to}`,
        );
        return `7 becomes ${to}`;
      },
    },
    {
      name: "infer",
      async ask(url) {
        const { models } = await json<Models>(await get(`${url}api/models`));
        assert(models[0], "there must be a model, got none");
        const { name, input, labels } = models[0];
        const values = input.reduce((product, extent) => product * extent, 1);
        const tensor = { name: "image", datatype: "FP32", shape: [1, ...input] };
        const body = JSON.stringify({ inputs: [{ ...tensor, data: Array(values).fill(0) }] });
        const answer = await post(`${url}v2/models/${name}/infer`, body);
        const { outputs } = await json<Inference>(answer);
        const count = outputs[0]?.data.length;
        assert(
          count === labels.length,
          `it must give ${labels.length} probabilities, got ${count}`,
        );
        return `${count} probabilities`;
      },
    },
    {
      name: "load",
      async ask(url) {
        const giant = encodePng({ data: new Float32Array(2000 * 2000), shape: [2000, 2000, 1] });
        let left = LOAD.requests;
        const work = async () => {
          while (left-- > 0) {
            const response = left % 25 === 0 ? post(`${url}api/attack`, giant) : attack(url);
            const { status, body } = await response;
            await body?.cancel();
            assert(status === 200 || status === 503, `it must answer or be full, got ${status}`);
          }
        };
        await Promise.all(Array.from({ length: LOAD.atATime }, work));
        return `${LOAD.requests} requests, ${LOAD.atATime} at a time`;
      },
    },
  ];
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url);
  if (response.status === 200) return response;
  throw new Error(`${new URL(url).pathname} must be answered with 200, got ${response.status}`);
}

function post(url: string, body: BodyInit): Promise<Response> {
  return fetch(url, { method: "POST", body });
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  assert(response.status === 200, `it must answer with 200, got ${response.status}: ${text}`);
  return JSON.parse(text);
}

function assert(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
