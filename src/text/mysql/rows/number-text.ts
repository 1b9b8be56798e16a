import type { Cursor } from '../../../bytes/index.ts';
import { TruncatedError } from '../../../errors/index.ts';
import { writeGeneral } from '../../output/c-format.ts';
import { writeInteger, writeInteger64 } from '../../output/integer-text.ts';
import type { TextOutput } from '../../output/text-output.ts';
import { packedDecimalBytes, writePackedDecimal } from '../packed-decimal.ts';
import type { ColumnText, ColumnTextMaker } from './value-text.ts';

const QUOTE = 0x27;

function integer(typeName: string, range: number, read: (cursor: Cursor) => number): ColumnTextMaker {
  const text: ColumnText = {
    typeName,
    write(cursor, out) {
      writeInteger(out, read(cursor), range);
    },
  };
  return () => text;
}

export const tinyText: ColumnTextMaker = integer('TINYINT', 0x100, (cursor) => cursor.i8());
export const shortText: ColumnTextMaker = integer('SHORTINT', 0x1_0000, (cursor) => cursor.i16());
export const int24Text: ColumnTextMaker = integer('MEDIUMINT', 0x100_0000, (cursor) => cursor.i24());
export const longText: ColumnTextMaker = integer('INT', 0x1_0000_0000, (cursor) => cursor.i32());

const longlong: ColumnText = {
  typeName: 'LONGINT',
  write(cursor, out) {
    const low = cursor.u32();
    writeInteger64(out, cursor.u32(), low);
  },
};
export const longlongText: ColumnTextMaker = () => longlong;

const FIELD_WIDTH = 20;
const DOUBLE_PRECISION = 20;
const FLOAT_PRECISION = 6;

const NEGATIVE_NAN = '-nan';

/** The sign bit of a little-endian number that was just read: JavaScript's NaN has none. */
const isNegative = ({ bytes, position }: Cursor): boolean => (bytes[position - 1]! & 0x80) !== 0;

/** The metadata of these types is their size. Where damage made it larger, the original wants so many bytes, of which it reads its own. */
function claiming(text: ColumnText, bytes: number, size: number): ColumnText {
  if (size <= bytes) return text;
  return {
    ...text,
    write(cursor, out) {
      if (cursor.remaining < size) throw new TruncatedError(`a value of ${size} bytes`);
      text.write(cursor, out);
    },
  };
}

const float: ColumnText = {
  typeName: 'FLOAT',
  write(cursor, out) {
    const value = cursor.f32();
    if (Number.isNaN(value) && isNegative(cursor)) out.text(NEGATIVE_NAN.padEnd(FIELD_WIDTH));
    else writeGeneral(out, value, FLOAT_PRECISION, FIELD_WIDTH);
  },
};
export const floatText: ColumnTextMaker = ({ meta }) => claiming(float, 4, meta);

const double: ColumnText = {
  typeName: 'DOUBLE',
  write(cursor, out) {
    const value = cursor.f64();
    if (Number.isNaN(value) && isNegative(cursor)) out.text(NEGATIVE_NAN);
    else writeGeneral(out, value, DOUBLE_PRECISION);
  },
};
export const doubleText: ColumnTextMaker = ({ meta }) => claiming(double, 8, meta);

export const decimalText: ColumnTextMaker = ({ meta }) => {
  const precision = meta >> 8;
  const scale = meta & 0xff;
  const typeName = `DECIMAL(${precision},${scale})`;
  if (precision === 0 || scale > precision) {
    // Only a damaged log has one, and NULL is all that can be said of its values.
    return {
      typeName,
      write: () => {
        throw new TruncatedError('a value of no known length');
      },
    };
  }
  const bytes = packedDecimalBytes(precision, scale);
  return {
    typeName,
    write: (cursor, out) => writePackedDecimal(out, cursor.bytes, cursor.take(bytes), precision, scale),
  };
};

/** Writes `b'0101'`: the lowest `bits` of the bytes, most significant byte first. */
export function writeBits(
  out: TextOutput,
  bytes: Uint8Array,
  start: number,
  size: number,
  bits: number,
): void {
  let at = out.reserve(bits + 3);
  const { buffer } = out;
  buffer[at++] = 0x62;
  buffer[at++] = QUOTE;
  for (let bit = bits - 1; bit >= 0; bit -= 1) {
    const byte = bytes[start + size - 1 - (bit >> 3)]!;
    buffer[at++] = 0x30 | ((byte >> (bit & 7)) & 1);
  }
  buffer[at++] = QUOTE;
  out.length = at;
}

/** Metadata is logged as bits beyond whole bytes, then whole bytes; `-vv` shows the two the other way round. */
export const bitText: ColumnTextMaker = ({ meta }) => {
  const bits = (meta & 0xff) * 8 + (meta >> 8);
  const bytes = (bits + 7) >> 3;
  return {
    typeName: `BIT(${bits})`,
    meta: ((meta & 0xff) << 8) | (meta >> 8),
    write: (cursor, out) => writeBits(out, cursor.bytes, cursor.take(bytes), bytes, bits),
  };
};
