/**
 * Clusters.
 *
 * @module
 */

import type { Random } from "../../core/random.ts";

/** Points, divided. */
export interface Clusters {
  /** The cluster of each point, `(N)`. */
  readonly assignment: Uint8Array;
  /** The mean of each cluster, `(count, width)`, row-major. */
  readonly centres: Float64Array;
  /** The sum of squared distances to the centres. */
  readonly inertia: number;
}

/** How points are divided. */
export interface ClusterOptions {
  readonly width: number;
  /** Number of clusters; 2 unless given. */
  readonly count?: number;
  /** How often it is begun anew; the tightest clusters are taken. */
  readonly restarts?: number;
  readonly random: Random;
}

/** Rounds of one start, at most: it ends as a rule after some ten. */
const ROUNDS = 300;

/**
 * Divides points by k-means (Lloyd), begun by k-means++ (Arthur, Vassilvitskii, SODA 2007).
 *
 * @param points `(N, width)`, row-major; N at least the number of clusters.
 */
export function kMeans(
  points: Float32Array,
  { width, count = 2, restarts = 10, random }: ClusterOptions,
): Clusters {
  let best: Clusters | null = null;
  for (let start = 0; start < restarts; start++) {
    const clusters = settle(points, spread(points, { width, count, random }), width);
    if (best === null || clusters.inertia < best.inertia) best = clusters;
  }
  return best!;
}

/** The squared distance of a point to a centre. */
export function squaredDistance(
  points: ArrayLike<number>,
  point: number,
  { centres, centre, width }: {
    readonly centres: ArrayLike<number>;
    readonly centre: number;
    readonly width: number;
  },
): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    sum += (points[point * width + k]! - centres[centre * width + k]!) ** 2;
  }
  return sum;
}

/** First centres: points, each drawn in proportion to its squared distance to those before it. */
function spread(
  points: Float32Array,
  { width, count, random }: Required<Omit<ClusterOptions, "restarts">>,
): Float64Array {
  const rows = points.length / width;
  const centres = new Float64Array(count * width);
  const distances = new Float64Array(rows).fill(Infinity);
  let chosen = random.integer(rows);
  for (let centre = 0; centre < count; centre++) {
    centres.set(points.subarray(chosen * width, (chosen + 1) * width), centre * width);
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const distance = squaredDistance(points, row, { centres, centre, width });
      distances[row] = Math.min(distances[row]!, distance);
      sum += distances[row]!;
    }
    let rest = random.uniform() * sum;
    chosen = distances.findIndex((distance) => (rest -= distance) < 0);
    // All points stand where centres are.
    if (chosen < 0) chosen = random.integer(rows);
  }
  return centres;
}

/** Moves centres to the means of what is nearest to them, until nothing changes. */
function settle(points: Float32Array, centres: Float64Array, width: number): Clusters {
  const rows = points.length / width;
  const count = centres.length / width;
  const assignment = new Uint8Array(rows);
  let inertia = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let moved = 0;
    inertia = 0;
    for (let row = 0; row < rows; row++) {
      let nearest = 0;
      let least = Infinity;
      for (let centre = 0; centre < count; centre++) {
        const distance = squaredDistance(points, row, { centres, centre, width });
        if (distance < least) [nearest, least] = [centre, distance];
      }
      if (assignment[row] !== nearest) moved++;
      assignment[row] = nearest;
      inertia += least;
    }
    if (moved === 0 && round > 0) break;
    moveCentres(points, { centres, assignment, width });
  }
  return { assignment, centres, inertia };
}

/** A centre that nothing is nearest to stays where it is. */
function moveCentres(
  points: Float32Array,
  { centres, assignment, width }: {
    readonly centres: Float64Array;
    readonly assignment: Uint8Array;
    readonly width: number;
  },
): void {
  const sizes = new Uint32Array(centres.length / width);
  const sums = new Float64Array(centres.length);
  assignment.forEach((cluster, row) => {
    sizes[cluster]!++;
    for (let k = 0; k < width; k++) sums[cluster * width + k]! += points[row * width + k]!;
  });
  sums.forEach((sum, i) => {
    const size = sizes[Math.floor(i / width)]!;
    if (size > 0) centres[i] = sum / size;
  });
}
