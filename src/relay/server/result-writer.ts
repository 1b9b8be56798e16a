import type { Session } from '../../connection/index.ts';
import {
  BINARY_COLLATION,
  type BinaryValue,
  binaryRow,
  bytesIn,
  type Column,
  ColumnFlag,
  ColumnType,
  column,
  eof,
  type PacketDefinition,
  ServerStatus,
  textColumn,
  textRow,
} from '../../wire/index.ts';
import type {
  Answer,
  ColumnShape,
  ResultColumn,
  ResultKind,
  ResultRow,
  ResultValue,
} from '../statements/answer.ts';
import type { SessionCharsets } from '../statements/settings/session-charsets.ts';
import { doubleText, floatText, yearText } from '../views/number-texts.ts';
import { temporalValue } from './temporal-value.ts';

/** Bytes gathered before they are sent. */
const SEND_BLOCK = 64 * 1024;
/** Display length of a text: clients size buffers by it, none cuts at it. */
const TEXT_LENGTH = 0x4_0000;

const TEMPORALS: ReadonlySet<ResultKind> = new Set(['datetime', 'timestamp', 'date', 'time']);
const FORMS: Readonly<
  Record<ResultKind, Pick<Column, 'type' | 'flags' | 'length' | 'decimals'> | undefined>
> = {
  text: undefined,
  datetime: { type: ColumnType.DATETIME, flags: ColumnFlag.BINARY, length: 19, decimals: 0 },
  timestamp: { type: ColumnType.TIMESTAMP, flags: ColumnFlag.BINARY, length: 19, decimals: 0 },
  date: { type: ColumnType.DATE, flags: ColumnFlag.BINARY, length: 10, decimals: 0 },
  time: { type: ColumnType.TIME, flags: ColumnFlag.BINARY, length: 10, decimals: 0 },
  integer: { type: ColumnType.LONGLONG, flags: ColumnFlag.BINARY, length: 21, decimals: 0 },
  unsigned: {
    type: ColumnType.LONGLONG,
    flags: ColumnFlag.BINARY | ColumnFlag.UNSIGNED,
    length: 21,
    decimals: 0,
  },
  decimal: { type: ColumnType.NEWDECIMAL, flags: ColumnFlag.BINARY, length: 67, decimals: 30 },
  blob: { type: ColumnType.BLOB, flags: ColumnFlag.BINARY, length: 0xffff_ffff, decimals: 0 },
  json: { type: ColumnType.JSON, flags: ColumnFlag.BINARY, length: 0xffff_ffff, decimals: 0 },
  float: { type: ColumnType.FLOAT, flags: ColumnFlag.BINARY, length: 12, decimals: 31 },
  year: {
    type: ColumnType.YEAR,
    flags: ColumnFlag.BINARY | ColumnFlag.UNSIGNED | ColumnFlag.ZEROFILL,
    length: 4,
    decimals: 0,
  },
  double: { type: ColumnType.DOUBLE, flags: ColumnFlag.BINARY, length: 23, decimals: 31 },
};

/** How a column is described to the client; `collation` is that of texts. */
export function wireColumn({ name, kind, decimals = 0 }: ResultColumn, collation: number): Column {
  const own = FORMS[kind];
  const text = { ...textColumn(name), length: TEXT_LENGTH, collation };
  if (own === undefined) return text;
  const described = { ...text, ...own, collation: BINARY_COLLATION };
  if (kind === 'double' && decimals > 0) return { ...described, decimals };
  return TEMPORALS.has(kind) && decimals > 0
    ? { ...described, length: own.length + 1 + decimals, decimals }
    : described;
}

/** The bytes of a value as a client is sent it. */
type Encode = (value: ResultValue) => Buffer | null;

const textOf: Encode = (value) => {
  if (value === null) return null;
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value));
};

/** Numbers that the servers write in a way of their own. */
const NUMBER_TEXTS: Readonly<Partial<Record<ResultKind, (value: number) => string>>> = {
  double: doubleText,
  float: floatText,
  year: yearText,
};

/** Texts in the character set of the session; bytes are bytes in any. */
function encoderOf({ kind, decimals }: ColumnShape, results: string | undefined): Encode {
  const isFixed = kind === 'double' && decimals !== undefined;
  const write = isFixed ? (value: number): string => value.toFixed(decimals) : NUMBER_TEXTS[kind];
  if (write !== undefined) {
    const inSet = encoderOf({ kind: 'text' }, results);
    return (value) =>
      typeof value === 'number' || typeof value === 'bigint' ? inSet(write(Number(value))) : inSet(value);
  }
  if (results === undefined || kind === 'blob') return textOf;
  return (value) =>
    value === null || value instanceof Uint8Array ? textOf(value) : bytesIn(String(value), results);
}

function binaryOf(value: ResultValue, kind: ResultKind, encode: Encode): BinaryValue {
  if (value === null) return null;
  if (kind === 'integer' || kind === 'unsigned') return BigInt(value as number | bigint | string);
  if (kind === 'double' || kind === 'float' || kind === 'year') return Number(value);
  if (TEMPORALS.has(kind)) return temporalValue(String(value), kind);
  return encode(value);
}

export interface WriteOptions {
  /** Rows of a prepared statement. */
  readonly binary: boolean;
  /** Another result of the same command follows. */
  readonly more: boolean;
  readonly warnings: number;
  /** `ServerStatus` of the session. */
  readonly status: number;
}

/** Sends the answer to a statement. */
export async function writeAnswer(
  session: Session,
  answer: Answer,
  { results, collation }: SessionCharsets,
  options: WriteOptions,
): Promise<void> {
  const { more, warnings } = options;
  const status = options.status | (more ? ServerStatus.MORE_RESULTS_EXISTS : 0);
  if (answer.kind === 'ok') {
    const { affectedRows = 0, info = '' } = answer;
    await session.ok({ affectedRows: BigInt(affectedRows), status, warnings, info: bytesIn(info, results) });
    return;
  }
  const columns = answer.columns.map((each) => wireColumn(each, collation));
  const size = columns.length;
  session.putBytes(Buffer.from(size < 251 ? [size] : [252, size & 255, size >> 8]));
  for (const each of columns) session.put(column, each);
  session.put(eof, { warnings, status });
  const put = options.binary
    ? binaryWriter(columns, answer.columns, results)
    : textWriter(answer.columns, results);
  for await (const row of answer.rows) {
    put(session, row);
    if (session.pending >= SEND_BLOCK) await session.send();
  }
  session.put(eof, { warnings, status });
  await session.send();
}

type RowWriter = (session: Session, row: ResultRow) => void;

function textWriter(shape: readonly ResultColumn[], results: string | undefined): RowWriter {
  const definition: PacketDefinition<readonly (Buffer | null)[]> = textRow(shape.length);
  const encoders = shape.map((each) => encoderOf(each, results));
  return (session, row) =>
    session.put(
      definition,
      row.map((value, i) => encoders[i]!(value)),
    );
}

function binaryWriter(
  columns: readonly Column[],
  shape: readonly ResultColumn[],
  results: string | undefined,
): RowWriter {
  const definition = binaryRow(columns);
  const encoders = shape.map((each) => encoderOf(each, results));
  return (session, row) =>
    session.put(
      definition,
      row.map((value, i) => binaryOf(value, shape[i]!.kind, encoders[i]!)),
    );
}
