import type { ResultSet } from '../../connection/index.ts';
import { BINARY_COLLATION, type Column, ColumnFlag, ColumnType } from '../../wire/index.ts';
import { cellsOf } from './cells.ts';

/** What rows are written from. All text here holds a byte in each character: values are in whatever character set they are. */
export type Rows = Pick<ResultSet, 'columns' | 'rows'>;

export interface LayoutOptions {
  readonly columnNames: boolean;
  /** The same for batch output. */
  readonly batchColumnNames: boolean;
  /** Batch output as it is, without escapes. */
  readonly raw: boolean;
  /** Bytes that are no text in hexadecimal. */
  readonly binaryAsHex: boolean;
}

/** IS_NUM of mysql.h: what stands to the right. */
const NUMBERS: ReadonlySet<number> = new Set<number>([
  ColumnType.DECIMAL,
  ColumnType.TINY,
  ColumnType.SHORT,
  ColumnType.LONG,
  ColumnType.FLOAT,
  ColumnType.DOUBLE,
  ColumnType.NULL,
  ColumnType.LONGLONG,
  ColumnType.INT24,
  ColumnType.YEAR,
  ColumnType.NEWDECIMAL,
]);

export const isNumber = ({ type }: Pick<Column, 'type'>): boolean => NUMBERS.has(type);

const BYTES: ReadonlySet<number> = new Set<number>([
  ColumnType.VARCHAR,
  ColumnType.BIT,
  ColumnType.TINY_BLOB,
  ColumnType.MEDIUM_BLOB,
  ColumnType.LONG_BLOB,
  ColumnType.BLOB,
  ColumnType.VAR_STRING,
  ColumnType.STRING,
  ColumnType.GEOMETRY,
  ColumnType.VECTOR,
]);

const isBytes = ({ type, collation }: Column): boolean => collation === BINARY_COLLATION && BYTES.has(type);

/** The name, a byte in each character. */
export const nameOf = ({ name }: Pick<Column, 'name'>): string => Buffer.from(name).toString('latin1');

/** How a column's values are written; NULL is the layout's own matter. */
export function writerOf(
  column: Column,
  { binaryAsHex }: Pick<LayoutOptions, 'binaryAsHex'>,
): (value: Buffer) => string {
  return binaryAsHex && isBytes(column)
    ? (value) => `0x${value.toString('hex').toUpperCase()}`
    : (value) => value.toString('latin1');
}

/** As mysql does: a NUL is a space where it is not escaped. */
const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', ' ') : text);

/** Wider columns have a frame of their width, and cells of this one, as with mysql. */
const WIDEST_CELL = 1024;

/** Rows in a frame, numbers to the right. Widths are those of bytes: so are mysql's. */
function table({ columns, rows }: Rows, options: LayoutOptions): string {
  const { columnNames } = options;
  const shapes = columns.map((column, i) => {
    const longest = rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0);
    const named = Math.max(columnNames ? Buffer.byteLength(column.name) : 0, longest);
    // A column that may hold NULL is at least as wide as the word.
    const room = Math.max(named, column.flags & ColumnFlag.NOT_NULL ? 0 : 4);
    const width = options.binaryAsHex && isBytes(column) ? 2 + room * 2 : room;
    return {
      width,
      write: writerOf(column, options),
      toTheRight: isNumber(column) && width <= WIDEST_CELL,
    };
  });
  const rule = `+${shapes.map(({ width }) => '-'.repeat(width + 2)).join('+')}+\n`;
  const cell = (text: string, width: number, toTheRight: boolean): string => {
    const padding = ' '.repeat(Math.max(0, Math.min(width, WIDEST_CELL) - cellsOf(text)));
    return toTheRight ? padding + text : text + padding;
  };
  const head = columnNames
    ? `|${columns.map((column, i) => ` ${cell(nameOf(column), shapes[i]!.width, false)} |`).join('')}\n${rule}`
    : '';
  const line = (row: Rows['rows'][number]): string =>
    `|${shapes
      .map(({ width, write, toTheRight }, i) => {
        const value = row[i];
        return ` ${cell(value == null ? 'NULL' : withoutNul(write(value)), width, toTheRight)} |`;
      })
      .join('')}\n`;
  return rule + head + rows.map(line).join('') + rule;
}

/** Rows upright: one line a value. */
function vertical({ columns, rows }: Rows, options: LayoutOptions): string {
  const names = columns.map(nameOf);
  const size = Math.max(...names.map((name) => name.length));
  const writers = columns.map((column) => writerOf(column, options));
  return rows
    .map((row, i) => {
      const lines = row.map((value, j) => {
        const text = value === null ? 'NULL' : withoutNul(writers[j]!(value));
        return options.columnNames ? `${names[j]!.padStart(size)}: ${text}\n` : `${text}\n`;
      });
      return `*************************** ${i + 1}. row ***************************\n${lines.join('')}`;
    })
    .join('');
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\0': '\\0', '\\': '\\\\' };
const escaped = (text: string): string => text.replaceAll(/[\n\t\0\\]/g, (character) => ESCAPES[character]!);

/** Values between tabs. */
function batch({ columns, rows }: Rows, options: LayoutOptions): string {
  const cell = options.raw ? (text: string): string => text : escaped;
  const writers = columns.map((column) => writerOf(column, options));
  const lines = rows.map((row) =>
    row.map((value, i) => (value === null ? 'NULL' : cell(writers[i]!(value)))).join('\t'),
  );
  if (options.batchColumnNames) lines.unshift(columns.map(nameOf).join('\t'));
  return lines.map((line) => `${line}\n`).join('');
}

/** Layouts that are made of rows alone. */
export const plainLayouts = { table, batch, vertical } as const;
