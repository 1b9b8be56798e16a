import type { CachedFile } from './block-cache.ts';

/** A place in a log of several files. */
export interface LogPlace {
  /** Number of the file: 1 for `binlog.000001`. */
  readonly number: number;
  /** Offset in that file. */
  readonly position: number;
}

/** Below 0: the first place comes before the second. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return a.number === b.number ? a.position - b.position : a.number - b.number;
}

/** One file of a log, as readers see it. */
export interface FollowedFile extends CachedFile {
  readonly number: number;
  readonly name: string;
}
