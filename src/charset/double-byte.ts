import { type Codec, QUESTION_MARK, REPLACEMENT } from './codec.ts';
import {
  completeHangul,
  completeUserDefined,
  type DoubleByteSource,
  invertUnits,
  makeUnits,
} from './double-byte-map.ts';
import { gb18030FourByte } from './gb18030.ts';
import { textOfUnits, unitsFor } from './single-byte.ts';

/** EUC: the byte before a code of the second plane. */
const SINGLE_SHIFT_3 = 0x8f;

interface DoubleByteCharset {
  readonly plane: DoubleByteSource;
  /** The second plane of EUC, behind {@link SINGLE_SHIFT_3}. */
  readonly plane3?: DoubleByteSource;
  /** Half-width katakana in single bytes 0xA1–0xDF. */
  readonly katakana?: true;
  readonly fourByte?: true;
  /** ASCII characters that are written as a double-byte code. */
  readonly ascii?: Readonly<Record<number, number>>;
}

const euc3 = (differences: string): DoubleByteSource => ({
  label: 'euc-jp',
  prefix: SINGLE_SHIFT_3,
  complete: (units) => completeUserDefined(units, 0xe3ac),
  differences,
});

const euc = (differences: string): DoubleByteSource => ({
  label: 'euc-jp',
  complete: (units) => completeUserDefined(units, 0xe000),
  differences,
});

const charsets: Readonly<Record<string, DoubleByteCharset>> = {
  big5: { plane: { label: 'big5', differences: 'big5' } },
  cp932: { plane: { label: 'shift_jis', differences: 'cp932' }, katakana: true },
  eucjpms: { plane: euc('eucjpms'), plane3: euc3('eucjpms3') },
  euckr: { plane: { label: 'euc-kr', complete: completeHangul, differences: 'euckr' } },
  gb18030: { plane: { label: 'gb18030', differences: 'gb18030' }, fourByte: true },
  gb2312: { plane: { label: 'gbk', differences: 'gb2312' } },
  gbk: { plane: { label: 'gbk', differences: 'gbk' } },
  // The servers write a backslash as the full-width code of sjis.
  sjis: { plane: { label: 'shift_jis', differences: 'sjis' }, katakana: true, ascii: { 0x5c: 0x815f } },
  ujis: { plane: euc('ujis'), plane3: euc3('ujis3') },
};

/** cp932: rows 0xED and 0xEE are NEC's copies of IBM's characters in 0xFA to 0xFC; the latter are written. */
const isNecCopy = (code: number): boolean => code >> 8 === 0xed || code >> 8 === 0xee;

const KATAKANA_FIRST_BYTE = 0xa1;
const KATAKANA_LAST_BYTE = 0xdf;
const KATAKANA_FIRST = 0xff61;

/** A character set of one and two bytes (three in EUC, four in gb18030), or undefined if there is no such one. */
export function doubleByteCodec(charset: string): Codec | undefined {
  const found = charsets[charset];
  if (found === undefined) return undefined;
  const { katakana, ascii } = found;
  const units = makeUnits(found.plane);
  const units3 = found.plane3 === undefined ? undefined : makeUnits(found.plane3);
  const fourByte = found.fourByte === undefined ? undefined : gb18030FourByte(units);
  let codes: Uint16Array | undefined;
  let codes3: Uint16Array | undefined;

  return {
    decode(bytes) {
      const decoded = unitsFor(bytes.length);
      let count = 0;
      for (let i = 0; i < bytes.length; i += 1) {
        const lead = bytes[i]!;
        if (lead < 0x80) {
          decoded[count++] = lead;
          continue;
        }
        if (katakana && lead >= KATAKANA_FIRST_BYTE && lead <= KATAKANA_LAST_BYTE) {
          decoded[count++] = KATAKANA_FIRST + lead - KATAKANA_FIRST_BYTE;
          continue;
        }
        if (units3 !== undefined && lead === SINGLE_SHIFT_3 && i + 2 < bytes.length) {
          const unit = units3[(bytes[i + 1]! << 8) | bytes[i + 2]!]!;
          decoded[count++] = unit === 0 ? REPLACEMENT : unit;
          if (unit !== 0) i += 2;
          continue;
        }
        const codePoint = fourByte?.decode(bytes, i);
        if (codePoint !== undefined) {
          if (codePoint > 0xffff) decoded[count++] = 0xd7c0 + (codePoint >> 10);
          decoded[count++] = codePoint > 0xffff ? 0xdc00 | (codePoint & 0x3ff) : codePoint;
          i += 3;
          continue;
        }
        const unit = units[(lead << 8) | (bytes[i + 1] ?? 0)]!;
        decoded[count++] = unit === 0 ? REPLACEMENT : unit;
        if (unit !== 0) i += 1;
      }
      return textOfUnits(decoded, count);
    },

    encode(text) {
      codes ??= invertUnits(units, charset === 'cp932' ? isNecCopy : () => false);
      if (units3 !== undefined) codes3 ??= invertUnits(units3, () => false);
      const bytes: number[] = [];
      const push = (code: number): void => {
        bytes.push(code >> 8, code & 0xff);
      };
      for (const character of text) {
        const point = character.codePointAt(0)!;
        const code = point < 0x80 ? ascii?.[point] : codes[point];
        if (code) push(code);
        else if (point < 0x80) bytes.push(point);
        else if (katakana && point >= KATAKANA_FIRST && point <= KATAKANA_FIRST + 62) {
          bytes.push(point - KATAKANA_FIRST + KATAKANA_FIRST_BYTE);
        } else if (codes3?.[point]) {
          bytes.push(SINGLE_SHIFT_3);
          push(codes3[point]);
        } else bytes.push(...(fourByte?.encode(point) ?? [QUESTION_MARK]));
      }
      return Buffer.from(bytes);
    },
  };
}
