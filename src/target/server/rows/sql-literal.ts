import { type Column, ColumnCode, type ColumnValue, JsonDocument } from '../../../binlog/index.ts';
import { encodeText } from '../../../charset/index.ts';
import { hexLiteral } from '../hex-literal.ts';

/** Character sets that no literal can be introduced with; everything in them is in utf8mb4 too. */
const NO_INTRODUCER: ReadonlySet<string> = new Set(['gb18030']);

const TEMPORAL: ReadonlySet<number> = new Set([
  ColumnCode.DATE,
  ColumnCode.NEWDATE,
  ColumnCode.TIME,
  ColumnCode.TIME2,
  ColumnCode.DATETIME,
  ColumnCode.DATETIME2,
  ColumnCode.TIMESTAMP,
  ColumnCode.TIMESTAMP2,
]);

const FLOATING: ReadonlySet<number> = new Set([ColumnCode.FLOAT, ColumnCode.DOUBLE]);

/** As a double, with all its digits: without an exponent it would be read as a decimal first. */
function floating(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('e') ? text : `${text}e0`;
}

/** A text in the character set it came in, so that nobody converts it on the way. */
function textLiteral(text: string, charset: string): string {
  if (text === '') return "''";
  const known = NO_INTRODUCER.has(charset) ? 'utf8mb4' : charset;
  return `_${known} ${hexLiteral(encodeText(text, known))}`;
}

/** A column's value as a literal that means exactly it, in any `sql_mode`. */
export function sqlLiteral(value: ColumnValue, column: Column): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return FLOATING.has(column.realCode) ? floating(value) : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') {
    if (TEMPORAL.has(column.realCode)) return `'${value}'`;
    if (column.realCode === ColumnCode.NEWDECIMAL) return value;
    const charset = column.charset ?? 'utf8mb4';
    return textLiteral(value, charset === 'binary' ? 'utf8mb4' : charset);
  }
  if (value instanceof JsonDocument) return textLiteral(value.text, 'utf8mb4');
  if (value instanceof Float32Array)
    return hexLiteral(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (Buffer.isBuffer(value)) return hexLiteral(value);
  throw new TypeError('steps of a JSON update are no value: they must have been carried out');
}

/** Whether only a session that is not strict takes a value: an ENUM's place 0, which is what servers keep of a value that is none. */
export function isIrregular(value: ColumnValue, column: Column): boolean {
  if (column.realCode !== ColumnCode.ENUM) return false;
  return value === 0 || (value === '' && column.members?.some(({ length }) => length === 0) !== true);
}
