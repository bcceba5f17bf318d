/**
 * Figures as people read them.
 *
 * @module
 */

/** A fraction as `"98.94 %"`; `"–"` where there is none. */
export function formatPercent(fraction: number | null | undefined): string {
  return fraction === null || fraction === undefined ? "–" : `${(fraction * 100).toFixed(2)} %`;
}

/**
 * A share that somebody chose, as they would write it: `"6 %"`, `"1.5 %"`, `"33.3 %"`.
 *
 * @param options.unit What follows the number; nothing where an axis says it once.
 */
export function formatShare(share: number, { unit = " %" }: { unit?: string } = {}): string {
  return `${Number((share * 100).toPrecision(3))}${unit}`;
}

/**
 * A difference of two fractions, in points of a hundred: `"+0.17"`, `"−0.03"`.
 *
 * @example
 * ```ts
 * import { formatPoints } from "./format.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(formatPoints(0.9911 - 0.9894), "+0.17");
 * ```
 */
export function formatPoints(difference: number): string {
  const points = (Math.abs(difference) * 100).toFixed(2);
  if (Number(points) === 0) return "±0.00";
  return `${difference < 0 ? "−" : "+"}${points}`;
}

/** A count as `"66,667"`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** A count of things, as `"1 epoch"` or `"1,200 epochs"`. */
export function formatCountOf(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** Seconds as `"48 s"`, `"5 min 03 s"` or `"1 h 12 min"`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole % 3600 / 60))} min`;
}

/** A percentage as a share, without what binary fractions add: 1.1 is 0.011. */
export function shareOfPercentage(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}

/** Bytes as `"4.8 MB"` (decimal units). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A moment (ISO 8601) to the minute: `"2026-11-27 09:41 UTC"`. */
export function formatMoment(createdAt: string): string {
  return `${createdAt.slice(0, 10)} ${createdAt.slice(11, 16)} UTC`;
}

/** Seconds, and share of the work, before which nothing is said of the time that is left. */
const ESTIMATE_FROM = { seconds: 3, share: 0.02 };

/**
 * The time that is left, behind a separator: `" · 2 min 05 s left"`; nothing while too little is done
 * to say.
 *
 * @param work.found What was done before the work began.
 */
export function timeLeft(
  { done, total, seconds, found = 0 }: {
    readonly done: number;
    readonly total: number;
    readonly seconds: number;
    readonly found?: number;
  },
): string {
  const share = (done - found) / (total - found);
  if (!(seconds >= ESTIMATE_FROM.seconds && share >= ESTIMATE_FROM.share)) return "";
  return ` · ${formatDuration((total - done) * seconds / (done - found))} left`;
}
