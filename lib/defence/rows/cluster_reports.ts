/**
 * What activation clustering says of the clusters of a class, as ART's `ClusteringAnalyzer` has it.
 *
 * @module
 */

/** A cluster of a class. */
export interface ClusterReport {
  /** Its share of the class, in hundredths. */
  readonly share: number;
  readonly isSuspicious: boolean;
}

/** The share of a class below which ART takes a cluster for poisoned. */
const RELATIVE_SIZE = 0.35;

/**
 * Takes the smallest cluster of each class for suspicious, the first of equal ones: one a class, poisoned
 * or not ("smaller").
 *
 * @param assignment The cluster of each row of a class, `(N)`, N at least 1.
 * @param count Number of clusters.
 */
export function reportSmaller(assignment: Uint8Array, count = 2): ClusterReport[] {
  const sizes = sizesOf(assignment, count);
  const smallest = sizes.indexOf(Math.min(...sizes));
  return sizes.map((size, cluster) => ({
    share: hundredths(size / assignment.length),
    isSuspicious: cluster === smallest,
  }));
}

/**
 * Takes clusters for suspicious that hold less than 35 % of their class ("relative-size"), of the share
 * in hundredths.
 *
 * @param assignment The cluster of each row of a class, `(N)`, N at least 1.
 * @param count Number of clusters.
 */
export function reportRelativeSize(assignment: Uint8Array, count = 2): ClusterReport[] {
  return sizesOf(assignment, count).map((size) => {
    const share = hundredths(size / assignment.length);
    return { share, isSuspicious: share < RELATIVE_SIZE };
  });
}

function sizesOf(assignment: Uint8Array, count: number): number[] {
  const sizes = Array.from({ length: count }, () => 0);
  for (const cluster of assignment) sizes[cluster]!++;
  return sizes;
}

/** As NumPy rounds: a half to the even side. */
function hundredths(share: number): number {
  const whole = share * 100;
  const below = Math.floor(whole);
  const isUp = whole - below > 0.5 || whole - below === 0.5 && below % 2 === 1;
  return (below + (isUp ? 1 : 0)) / 100;
}
