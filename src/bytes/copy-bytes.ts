/** From so many bytes on, a native call is quicker. */
const LEAST_NATIVE = 512;

/**
 * Copies `source[start, end)` to `target[at, …)`; the two do not overlap.
 *
 * Between threads' shared memory and any other, what JavaScript offers for that (`set`, and `Buffer.copy`, which is made of it) goes byte
 * by byte: 1.5 GB/s. Filling with a pattern that is as long as what is filled is a plain copy: 12 GB/s (Node 20.20).
 */
export function copyBytes(target: Buffer, at: number, source: Uint8Array, start: number, end: number): void {
  const part = start === 0 && end === source.length ? source : source.subarray(start, end);
  if (end - start < LEAST_NATIVE) target.set(part, at);
  else target.fill(part, at, at + end - start);
}
