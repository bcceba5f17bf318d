/**
 * What a server answered to a load, and how soon.
 *
 * @module
 */

import { percentile } from "../statistics.ts";

/** An answer. */
export interface Answered {
  /** 0 if there was none. */
  readonly status: number;
  readonly milliseconds: number;
}

/** The answers to a load. */
export interface LoadOutcome {
  /** Requests, answered or not. */
  readonly requests: number;
  /** Requests a second that were answered with 200. */
  readonly rate: number;
  /** Share of requests that were answered with a status, 0–1; status 0 is no answer. */
  share(status: number): number;
  /** Statuses that were seen, ascending. */
  readonly statuses: readonly number[];
  /**
   * A percentile of latency in milliseconds over all requests. One that was not answered with 200
   * counts as infinitely slow: who refuses is not fast.
   */
  percentile(p: number): number;
  /** A percentile of latency in milliseconds over those that were answered with 200; NaN if none. */
  percentileOf200(p: number): number;
}

/**
 * Sums up answers.
 *
 * @param seconds For how long requests were sent.
 */
export function loadOf(answers: readonly Answered[], seconds: number): LoadOutcome {
  const isGood = ({ status }: Answered) => status === 200;
  const good = answers.filter(isGood).map(({ milliseconds }) => milliseconds);
  const all = answers.map((answer) => isGood(answer) ? answer.milliseconds : Infinity);
  return {
    requests: answers.length,
    rate: good.length / seconds,
    statuses: [...new Set(answers.map(({ status }) => status))].sort((a, b) => a - b),
    share: (status) =>
      answers.filter((answer) => answer.status === status).length / Math.max(1, answers.length),
    percentile: (p) => percentile(all, p),
    percentileOf200: (p) => good.length === 0 ? NaN : percentile(good, p),
  };
}
