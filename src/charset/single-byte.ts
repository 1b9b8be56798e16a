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
  return {
    decode(bytes) {
      const decoded = new Uint16Array(bytes.length);
      for (let i = 0; i < bytes.length; i += 1) decoded[i] = units[bytes[i]!]!;
      return textOfUnits(decoded, decoded.length);
    },
    encode(text) {
      // By character, not by code unit: a character beyond the BMP is one question mark.
      const bytes: number[] = [];
      for (const character of text) bytes.push(bytesOf.get(character.codePointAt(0)!) ?? QUESTION_MARK);
      return Buffer.from(bytes);
    },
  };
}

/** The text of the first `count` UTF-16 code units. */
export function textOfUnits(units: Uint16Array, count: number): string {
  // Arrays come in the machine's byte order, which is little-endian wherever Node runs but for s390x.
  const bytes = Buffer.from(units.buffer, units.byteOffset, count * 2);
  return isBigEndian ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString('utf16le');
}

const isBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;
