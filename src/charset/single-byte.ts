import { type Codec, QUESTION_MARK, REPLACEMENT } from './codec.ts';
import { singleByteTables } from './single-byte-tables.ts';

/** A character set of 256 codes at most, or undefined if there is no such one. */
export function singleByteCodec(charset: string): Codec | undefined {
  const table = singleByteTables[charset];
  if (table === undefined) return undefined;
  const units = new Uint16Array(256).fill(REPLACEMENT);
  for (let byte = 0; byte < 0x80; byte += 1) units[byte] = byte;
  for (const item of table.low?.split(' ') ?? []) units[Number.parseInt(item, 16)] = item.charCodeAt(2);
  for (let i = 0; i < table.high.length; i += 1) units[0x80 + i] = table.high.charCodeAt(i);
  const bytesOf = new Map<number, number>();
  // Where two bytes stand for one character, the first one is written.
  for (const [byte, unit] of units.entries()) {
    if (unit !== REPLACEMENT && !bytesOf.has(unit)) bytesOf.set(unit, byte);
  }
  const isKept = units.map((unit, byte) => Number(bytesOf.get(unit) === byte));
  return {
    isKept: (bytes) => {
      for (let i = 0; i < bytes.length; i += 1) if (isKept[bytes[i]!] === 0) return false;
      return true;
    },
    decode(bytes) {
      const decoded = unitsFor(bytes.length);
      for (let i = 0; i < bytes.length; i += 1) decoded[i] = units[bytes[i]!]!;
      return textOfUnits(decoded, bytes.length);
    },
    encode(text) {
      // By character, not by code unit: a character beyond the BMP is one question mark.
      const bytes: number[] = [];
      for (const character of text) bytes.push(bytesOf.get(character.codePointAt(0)!) ?? QUESTION_MARK);
      return Buffer.from(bytes);
    },
  };
}

/** Most texts are short: making an array for each takes longer than its characters do. */
const shared = new Uint16Array(1024);
const sharedBytes = Buffer.from(shared.buffer);

/** Room for so many UTF-16 code units, until the next call: for {@link textOfUnits}. */
export function unitsFor(count: number): Uint16Array {
  return count <= shared.length ? shared : new Uint16Array(count);
}

/** The text of the first `count` UTF-16 code units. */
export function textOfUnits(units: Uint16Array, count: number): string {
  const bytes = units === shared ? sharedBytes : Buffer.from(units.buffer, units.byteOffset, count * 2);
  // Arrays come in the machine's byte order, which is little-endian wherever Node runs but for s390x.
  return isBigEndian
    ? Buffer.from(bytes.subarray(0, count * 2))
        .swap16()
        .toString('utf16le')
    : bytes.toString('utf16le', 0, count * 2);
}

const isBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;
