/**
 * Measurements in turn: each round measures every variant once, so that a machine that is faster or
 * slower for a while is so for all of them.
 *
 * @module
 */

import type { Answer } from "./answer.ts";
import { ratio, summarise, type Summary } from "./statistics.ts";

/** One of the things that are compared. */
export interface Variant {
  readonly name: string;
  /**
   * Measures it once.
   *
   * @param round From 1; 0 in the warm-up.
   */
  readonly measure: (round: number) => Promise<Answer>;
}

/** How to go through the variants. */
export interface InterleaveOptions {
  /** Rounds that count, from 1. */
  readonly rounds: number;
  /** Whether there is a round before the first that does not count. Left out: there is none. */
  readonly warmUp?: boolean;
  /** Called after each measurement that counts. */
  readonly onAnswer?: (variant: string, round: number, answer: Answer) => void;
}

/** The figures of some variants over some rounds. */
export interface Samples {
  /** The names of the variants, in their order. */
  readonly variants: readonly string[];
  /** One variant's answers, one a round; none for a name that is no variant's. */
  answers(variant: string): readonly Answer[];
  /** One figure of a variant, a value a round; none where the variant has no such figure. */
  values(variant: string, figure: string): readonly number[];
  /** A figure's median and spread; `null` where the variant has no such figure. */
  summary(variant: string, figure: string): Summary | null;
  /**
   * How many times as much a figure is for one variant as for another, round by round; `null` where
   * either has no such figure.
   */
  ratio(figure: string, variant: string, other: string): Summary | null;
  /** All of it, for a JSON document: by variant and figure. */
  toJson(): Record<string, VariantDocument>;
}

/** A variant's figures in a JSON document. */
export interface VariantDocument {
  readonly about: Readonly<Record<string, string>>;
  readonly figures: Readonly<Record<string, Summary & { readonly rounds: readonly number[] }>>;
}

/**
 * Measures variants in turn.
 *
 * @param variants Their names differ.
 */
export async function interleave(
  variants: readonly Variant[],
  { rounds, warmUp = false, onAnswer }: InterleaveOptions,
): Promise<Samples> {
  const answers = new Map(variants.map(({ name }) => [name, [] as Answer[]]));
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    for (const { name, measure } of variants) {
      const answer = await measure(round);
      if (round === 0) continue;
      answers.get(name)!.push(answer);
      onAnswer?.(name, round, answer);
    }
  }
  return samplesOf(answers);
}

/** Makes answers, one a round for each variant, askable. */
export function samplesOf(all: ReadonlyMap<string, readonly Answer[]>): Samples {
  const answers = (variant: string) => all.get(variant) ?? [];
  const values = (variant: string, figure: string) =>
    answers(variant).map(({ figures }) => figures[figure]).filter((value) => value !== undefined);
  const summary = (variant: string, figure: string) => {
    const found = values(variant, figure);
    return found.length === 0 ? null : summarise(found);
  };
  return {
    variants: [...all.keys()],
    answers,
    values,
    summary,
    ratio(figure, variant, other) {
      const [numerators, denominators] = [values(variant, figure), values(other, figure)];
      if (numerators.length === 0 || denominators.length === 0) return null;
      return ratio(numerators, denominators);
    },
    toJson: () =>
      Object.fromEntries(
        Array.from(all, ([variant, given]) => [variant, {
          about: given[0]?.about ?? {},
          figures: Object.fromEntries(
            Object.keys(given[0]?.figures ?? {}).map((figure) => {
              const rounds = values(variant, figure);
              return [figure, { ...summarise(rounds), rounds }];
            }),
          ),
        }]),
      ),
  };
}
