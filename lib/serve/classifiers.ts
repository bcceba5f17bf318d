/**
 * Models in memory: loaded when they are first needed, kept while there is room.
 *
 * @module
 */

import type { ModelManifest } from "../registry/manifest.ts";
import type { Classifier } from "./classifier.ts";
import { inSpan } from "./span.ts";

/** What a cache of models is made with. */
export interface ClassifiersOptions {
  /** Loads a model. */
  readonly load: (manifest: ModelManifest) => Promise<Classifier>;
  /** Models kept; the least recently used go first, never while they are in use. */
  readonly room: number;
  /** Whether all are kept for the moment, however many. */
  readonly isKept?: () => boolean;
}

interface Slot {
  readonly classifier: Promise<Classifier>;
  users: number;
  isReady: boolean;
}

/** Models by the digest of their weights. */
export class Classifiers implements Disposable {
  readonly #load: ClassifiersOptions["load"];
  /** The least recently used first. */
  readonly #slots = new Map<string, Slot>();
  readonly #isKept: () => boolean;
  #room: number;

  constructor({ load, room, isKept = () => false }: ClassifiersOptions) {
    this.#load = load;
    this.#isKept = isKept;
    this.#room = room;
  }

  /** Whether one is loaded. */
  get isReady(): boolean {
    return [...this.#slots.values()].some((slot) => slot.isReady);
  }

  /** Whether a model is loaded. */
  has({ weights }: ModelManifest): boolean {
    return this.#slots.get(weights.sha256)?.isReady ?? false;
  }

  /** Runs work on a model, which stays loaded until the work is done. */
  async use<T>(
    manifest: ModelManifest,
    work: (classifier: Classifier) => T | Promise<T>,
  ): Promise<T> {
    const { sha256 } = manifest.weights;
    const slot = this.#slots.get(sha256) ?? this.#open(manifest);
    this.#slots.delete(sha256);
    this.#slots.set(sha256, slot);
    slot.users++;
    // What cannot be loaded takes no room from what is: room is made once it is there.
    try {
      return await work(await slot.classifier);
    } finally {
      slot.users--;
      this.#evict();
    }
  }

  /** Frees all models; one that is in use, once it is not. */
  [Symbol.dispose](): void {
    this.#room = 0;
    this.#evict();
  }

  #open(manifest: ModelManifest): Slot {
    const { name, version } = manifest;
    const classifier = inSpan(
      "load",
      { "edgedoor.model": name, "edgedoor.version": version },
      () => this.#load(manifest),
    );
    const slot: Slot = { classifier, users: 0, isReady: false };
    classifier.then(
      () => slot.isReady = true,
      // What failed to load is told to those who wait for it, and tried again by the next.
      () => this.#slots.delete(manifest.weights.sha256),
    );
    return slot;
  }

  #evict(): void {
    if (this.#room > 0 && this.#isKept()) return;
    for (const [sha256, slot] of this.#slots) {
      if (this.#slots.size <= this.#room) return;
      if (slot.users > 0) continue;
      this.#slots.delete(sha256);
      slot.classifier.then((classifier) => classifier.dispose());
    }
  }
}
