/** What a reader of C's strings sees of a name: all before its first NUL. */
export function untilNul(name: Buffer): Buffer {
  const nul = name.indexOf(0);
  return nul < 0 ? name : name.subarray(0, nul);
}
