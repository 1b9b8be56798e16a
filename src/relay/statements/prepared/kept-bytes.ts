import { ServerError } from '../../../errors/index.ts';

/** What a session has the relay keep stays in memory as long as the session does: so many bytes of each kind. */
const MAX_KEPT_BYTES = 4 << 20;

/** ER_OUT_OF_RESOURCES */
export const outOfMemory = (): ServerError => new ServerError(1041, 'HY000', 'Out of memory.');

/** Whether so many more bytes beside what is kept are too many. */
export function areTooMany(kept: Iterable<string | number | null | Uint8Array>, more: number): boolean {
  let bytes = more;
  for (const value of kept) if (value !== null && typeof value !== 'number') bytes += value.length;
  return bytes > MAX_KEPT_BYTES;
}
