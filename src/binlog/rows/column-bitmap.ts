/** Whether a bitmap of columns has this one: a byte for eight of them, the first in its lowest bit. */
export const hasColumn = (bitmap: Uint8Array, index: number): boolean =>
  (bitmap[index >> 3]! & (1 << (index & 7))) !== 0;
