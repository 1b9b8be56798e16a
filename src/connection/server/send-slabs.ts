/** Written to a socket at once: few turns of the event loop, and still in a processor's cache when TLS reads it again. */
export const SLAB_BYTES: number = 128 * 1024;

/** So much memory is kept for the next who sends, however seldom that is. */
const KEPT_SLABS = 8;

/** What nobody took for so long is let go. */
const THIN_MS = 1000;

const free: Buffer[] = [];
/** Not taken since somebody looked last. */
let unused = 0;
let thinning: NodeJS.Timeout | undefined;

/**
 * Memory that is sent from, by all connections in turn. Allocating it anew for every write has the garbage collector run every few
 * megabytes (230 MB to one replica: a third of the processor time, Node 20.20). So as much is kept as connections need at once: those
 * that wait for the same block of a log give all of theirs back, and go on together.
 */
export function takeSlab(): Buffer {
  const slab = free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES);
  if (free.length < unused) unused = free.length;
  return slab;
}

/** Nobody reads it any more. */
export function giveSlab(slab: Buffer): void {
  free.push(slab);
  if (free.length > KEPT_SLABS) thinning ??= setTimeout(thin, THIN_MS).unref();
}

/** So many are here that nobody uses. */
export function freeSlabs(): number {
  return free.length;
}

function thin(): void {
  free.splice(0, Math.min(unused, free.length - KEPT_SLABS));
  unused = free.length;
  thinning = free.length > KEPT_SLABS ? setTimeout(thin, THIN_MS).unref() : undefined;
}
