import { type Column, ColumnCode, type ColumnType, DecimalColumn, MomentColumn } from '../../binlog/index.ts';

/** How wide integers become values. */
export type Bigints = 'bigint' | 'number' | 'string';

/**
 * How code reads one column: statements that read at `at`, set the variable `value` and move `at` on. Nothing in them comes from a
 * table: what does is an argument, whose name is `given`.
 */
export interface ColumnCodeText {
  readonly text: (value: string, given: string) => string;
  readonly given: unknown;
}

const fixed = (size: number, expression: string): ColumnCodeText => ({
  text: (value) => `${value} = ${expression}; at += ${size};`,
  given: undefined,
});

const integer = (size: number, signed: string, unsigned: string) => {
  const texts = [fixed(size, signed), fixed(size, unsigned)] as const;
  return ({ unsigned: isUnsigned }: Column): ColumnCodeText => (isUnsigned === true ? texts[1] : texts[0]);
};

const i64 = integer(8, 'view.getBigInt64(at, true)', 'view.getBigUint64(at, true)');
const i64AsText = integer(8, 'String(view.getBigInt64(at, true))', 'String(view.getBigUint64(at, true))');
const LOW_HALF = 'view.getUint32(at, true)';
/** One rounding, as in `Number(bigint)`: each half is exact, and so is the higher one times 2^32. */
const i64AsNumber = integer(
  8,
  `view.getInt32(at + 4, true) * 0x100000000 + ${LOW_HALF}`,
  `view.getUint32(at + 4, true) * 0x100000000 + ${LOW_HALF}`,
);

const wide: Readonly<Record<Bigints, (column: Column) => ColumnCodeText>> = {
  bigint: i64,
  number: i64AsNumber,
  string: i64AsText,
};

const lengths = [
  ['bytes[at]', 1],
  ['view.getUint16(at, true)', 2],
  ['view.getUint16(at, true) | (bytes[at + 2] << 16)', 3],
  ['view.getUint32(at, true)', 4],
] as const;

/** Bytes behind a length of so many bytes, as `method` of {@link RowBytes} makes a value of them. */
function measured(lengthBytes: number, method: string, column: Column, type: ColumnType): ColumnCodeText {
  const [length, size] = lengths[lengthBytes - 1]!;
  const call = (given: string): string => `rows.${method}(start, at, length, ${given}.read, ${given}.column)`;
  return {
    text: (value, given) =>
      `start = at; length = ${length}; at += ${size}; ${value} = ${call(given)}; at += length;`,
    given: { read: type.read, column },
  };
}

/** Character sets whose bytes below 128 are ASCII, of those that are met most. */
const asciiCharsets: ReadonlySet<string> = new Set(['utf8mb4', 'utf8mb3', 'ascii', 'latin1']);

function characters(lengthBytes: number, column: Column, type: ColumnType): ColumnCodeText | undefined {
  if (column.charset === undefined || column.charset === 'binary')
    return measured(lengthBytes, 'copy', column, type);
  return asciiCharsets.has(column.charset) ? measured(lengthBytes, 'text', column, type) : undefined;
}

const short = (column: Column, type: ColumnType): ColumnCodeText | undefined =>
  characters(column.length < 256 ? 1 : 2, column, type);

const isLengthBytes = ({ meta }: Column): boolean => meta >= 1 && meta <= 4;

const long = (column: Column, type: ColumnType): ColumnCodeText | undefined =>
  isLengthBytes(column) ? characters(column.meta, column, type) : undefined;

const decimal = ({ meta }: Column): ColumnCodeText => ({
  text: (value, given) => `${value} = ${given}.text(bytes, at); at += ${given}.bytes;`,
  given: new DecimalColumn(meta >> 8, meta & 0xff),
});

const moment = (method: 'datetime' | 'timestamp') => (column: Column) => ({
  text: (value: string, given: string) => `${value} = ${given}.${method}(bytes, at); at += ${given}.bytes;`,
  given: new MomentColumn(column),
});

/** ENUM of a byte whose members are known: the value of each byte. */
function enumeration(column: Column): ColumnCodeText | undefined {
  const { texts, hasEmpty } = column.labels;
  if (texts === null || column.realCode === column.code || column.length !== 1) return undefined;
  const values = Array.from({ length: 256 }, (_, value) => texts[value - 1] ?? value);
  if (!hasEmpty) values[0] = '';
  return { text: (value, given) => `${value} = ${given}[bytes[at]]; at += 1;`, given: values };
}

/** SET of a byte whose members are known. A bit without a name makes it a bigint. */
function set(column: Column, _: ColumnType, bigints: Bigints): ColumnCodeText | undefined {
  const { labels } = column;
  if (bigints !== 'bigint' || labels.texts === null || column.realCode === column.code || column.length !== 1)
    return undefined;
  return { text: (value, given) => `${value} = ${given}.joinedSmall(bytes[at]); at += 1;`, given: labels };
}

type Maker = (column: Column, type: ColumnType, bigints: Bigints) => ColumnCodeText | undefined;

const U24 = 'view.getUint16(at, true) | (bytes[at + 2] << 16)';

/** By the type behind a column. Types that are not here are read by calls of their readers. */
const makers: Readonly<Record<number, Maker>> = {
  [ColumnCode.TINY]: integer(1, 'view.getInt8(at)', 'bytes[at]'),
  [ColumnCode.SHORT]: integer(2, 'view.getInt16(at, true)', 'view.getUint16(at, true)'),
  [ColumnCode.INT24]: integer(3, 'view.getUint16(at, true) | (view.getInt8(at + 2) << 16)', U24),
  [ColumnCode.LONG]: integer(4, 'view.getInt32(at, true)', 'view.getUint32(at, true)'),
  [ColumnCode.FLOAT]: () => fixed(4, 'view.getFloat32(at, true)'),
  [ColumnCode.DOUBLE]: () => fixed(8, 'view.getFloat64(at, true)'),
  [ColumnCode.YEAR]: () => fixed(1, 'bytes[at] === 0 ? 0 : 1900 + bytes[at]'),
  [ColumnCode.NEWDECIMAL]: decimal,
  [ColumnCode.DATETIME2]: moment('datetime'),
  [ColumnCode.TIMESTAMP2]: moment('timestamp'),
  [ColumnCode.STRING]: short,
  [ColumnCode.VARCHAR]: short,
  [ColumnCode.VAR_STRING]: short,
  [ColumnCode.BLOB]: long,
  [ColumnCode.JSON]: (column, type) =>
    isLengthBytes(column) ? measured(column.meta, 'document', column, type) : undefined,
  [ColumnCode.ENUM]: enumeration,
  [ColumnCode.SET]: set,
};

const given = (column: Column, type: ColumnType): unknown => ({ read: type.read, column });

/** Any type. Some of them have values that are bigints. */
function called(column: Column, type: ColumnType, bigints: Bigints): ColumnCodeText {
  const convert = { bigint: '', number: 'Number', string: 'String' }[bigints];
  return {
    text: (value, name) =>
      `${value} = rows.other(at, ${name}.read, ${name}.column); at = rows.at;` +
      (convert === '' ? '' : ` if (typeof ${value} === 'bigint') ${value} = ${convert}(${value});`),
    given: given(column, type),
  };
}

/** @throws FormatError where the column has a type that no server writes */
export function columnCode(column: Column, type: ColumnType, bigints: Bigints): ColumnCodeText {
  if (type.code === ColumnCode.LONGLONG) return wide[bigints](column);
  return makers[type.code]?.(column, type, bigints) ?? called(column, type, bigints);
}
