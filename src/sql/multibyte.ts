/**
 * Character sets whose later bytes may be ASCII: a quote or backslash there is half a character and ends nothing. In all
 * others every byte below 0x80 is itself.
 */

/** Length in bytes of the character at `at`: 1 if it is not a multi-byte one. */
export type MultibyteLength = (bytes: Uint8Array, at: number) => number;

const within = (byte: number | undefined, first: number, last: number): boolean =>
  byte !== undefined && byte >= first && byte <= last;

const shiftJis: MultibyteLength = (bytes, at) => {
  const lead = bytes[at]!;
  const trail = bytes[at + 1];
  return (within(lead, 0x81, 0x9f) || within(lead, 0xe0, 0xfc)) &&
    (within(trail, 0x40, 0x7e) || within(trail, 0x80, 0xfc))
    ? 2
    : 1;
};

const gbk: MultibyteLength = (bytes, at) => {
  const trail = bytes[at + 1];
  return within(bytes[at], 0x81, 0xfe) && (within(trail, 0x40, 0x7e) || within(trail, 0x80, 0xfe)) ? 2 : 1;
};

const lengths: Readonly<Record<string, MultibyteLength>> = {
  sjis: shiftJis,
  cp932: shiftJis,
  gbk,
  big5: (bytes, at) => {
    const trail = bytes[at + 1];
    return within(bytes[at], 0xa1, 0xf9) && (within(trail, 0x40, 0x7e) || within(trail, 0xa1, 0xfe)) ? 2 : 1;
  },
  gb18030: (bytes, at) =>
    within(bytes[at], 0x81, 0xfe) &&
    within(bytes[at + 1], 0x30, 0x39) &&
    within(bytes[at + 2], 0x81, 0xfe) &&
    within(bytes[at + 3], 0x30, 0x39)
      ? 4
      : gbk(bytes, at),
};

/** How to measure characters of that set, or undefined if it need not be done. */
export function multibyteLength(charset: string): MultibyteLength | undefined {
  return lengths[charset.toLowerCase()];
}
