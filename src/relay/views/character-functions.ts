import type { SqliteValue } from '../../store/index.ts';
import { bytesOf } from './bytewise.ts';
import { type Body, bounded, bytesIn, strict } from './function-body.ts';
import { integerOf, textOf, whole } from './numbers.ts';

/** What each letter sounds like, from A; 0: like nothing. */
const SOUNDS = '01230120022455012623010202';

/** SOUNDEX: letters that sound like nothing, and what sounds as what is in front of it, are left out. */
function soundex(text: string): string {
  let sounds = '';
  let last: string | undefined;
  for (const character of text) {
    const upper = character.toUpperCase();
    const letter = upper.length === character.length ? upper : character;
    // What is beyond Latin-1's signs counts as a letter.
    if (!/[A-Z]/.test(letter) && letter.codePointAt(0)! < 0xc0) continue;
    const sound = SOUNDS[letter.charCodeAt(0) - 65] ?? '0';
    if (last === undefined) {
      sounds = letter;
      last = sound;
    } else if (sound !== '0' && sound !== last) {
      sounds += sound;
      last = sound;
    }
  }
  return sounds === '' ? '' : sounds + '0'.repeat(Math.max(0, 4 - Array.from(sounds).length));
}

/** The bytes of numbers, the largest first: 256 is two. */
function characters(values: readonly SqliteValue[]): Buffer {
  const bytes: number[] = [];
  for (const value of values) {
    if (value === null) continue;
    const number = Number(BigInt.asUintN(32, integerOf(value)));
    for (let shift = 24; shift > 0; shift -= 8)
      if (number >= 2 ** shift) bytes.push((number >>> shift) & 255);
    bytes.push(number & 255);
  }
  return Buffer.from(bytes);
}

/** Whether the bit is set, from the lowest. */
const isSet = (bits: bigint, at: number): boolean => ((bits >> BigInt(at)) & 1n) === 1n;

/** MySQL's functions of characters and of sets of bits, by the name they have inside. */
export const characterFunctions: Readonly<Record<string, Body>> = {
  mysql_bit_length: strict(1, (value = null) => whole(bytesIn(value).length * 8)),
  mysql_ord: strict(1, (value = null) => {
    const bytes =
      value instanceof Uint8Array
        ? bytesIn(value).subarray(0, 1)
        : Buffer.from(Array.from(textOf(value))[0] ?? '');
    return whole(bytes.reduce((sum, byte) => sum * 256 + byte, 0));
  }),
  mysql_char: (...values) => bytesOf(characters(values)),
  mysql_soundex: strict(1, (value = null) => soundex(textOf(value))),
  mysql_export_set: strict(3, (bits = null, on = null, off = null, separator = ',', count = 64n) => {
    const wanted = Math.min(64, Number(integerOf(count)) < 0 ? 64 : Number(integerOf(count)));
    const number = BigInt.asUintN(64, integerOf(bits));
    const parts = Array.from({ length: wanted }, (_, i) => textOf(isSet(number, i) ? on : off));
    return bounded(parts.join(textOf(separator)));
  }),
  mysql_make_set: (bits = null, ...values) => {
    if (bits === null) return null;
    const number = integerOf(bits);
    const chosen = values.filter((value, i) => value !== null && isSet(number, i));
    return bounded(chosen.map(textOf).join(','));
  },
};
