import { decodeText, type Flavor } from '../../charset/index.ts';
import { FormatError } from '../../errors/index.ts';
import { SqlLexer, Token } from '../../sql/index.ts';
import { columnIndex, isKept, type Table } from '../schema/index.ts';

/** `INSERT INTO a.t (x, y) VALUES`: what stands before the rows. */
export interface InsertHead {
  readonly schema: string | undefined;
  readonly table: string;
  readonly columns: readonly string[] | undefined;
  /** Bytes up to the first row. */
  readonly length: number;
}

const WORDS: ReadonlySet<string> = new Set(['IGNORE', 'DELAYED', 'LOW_PRIORITY', 'INTO']);

/** Reads it. Undefined: it goes on behind what is there. @throws FormatError */
export function readInsertHead(bytes: Buffer, flavor: Flavor, charset: string): InsertHead | undefined {
  const lexer = new SqlLexer(bytes, { flavor });
  lexer.next();
  lexer.next();
  while (WORDS.has(lexer.word)) lexer.next();
  const names: string[] = [];
  let columns: string[] | undefined;
  const name = (): string => {
    const raw = decodeText(
      bytes.subarray(lexer.start, lexer.end),
      charset === 'binary' ? 'utf8mb4' : charset,
    );
    const quoted = lexer.token === Token.QUOTED || lexer.token === Token.STRING;
    return quoted ? raw.slice(1, -1).replaceAll(raw[0]! + raw[0]!, raw[0]!) : raw;
  };
  for (;;) {
    if (lexer.token === Token.END || lexer.malformed) return undefined;
    if (lexer.word === 'VALUES' || lexer.word === 'VALUE') break;
    if (lexer.isSymbol('(')) columns = [];
    else if (lexer.token === Token.SYMBOL) {
      if (!/[.,)]/.test(lexer.text)) throw notRows();
    } else if (columns === undefined) names.push(name());
    else columns.push(name());
    lexer.next();
  }
  const [first, second] = names;
  if (first === undefined || names.length > 2) throw notRows();
  const { end } = lexer;
  const place = bytes.indexOf('(', end);
  if (place < 0) return undefined;
  return {
    schema: second === undefined ? undefined : first,
    table: second ?? first,
    columns,
    length: place,
  };
}

const notRows = (): FormatError => new FormatError('an INSERT of the dump is no list of rows');

/** What the values of a row are for. */
export interface InsertColumns {
  /** For each value, the index of its column; −1: it is not kept. */
  readonly indexes: readonly number[];
  /** Indexes of stored generated columns of which there are no values. */
  readonly leftOut: readonly number[];
}

/** Reads what an INSERT names; undefined: all columns. @throws FormatError values are missing */
export function columnsOf(table: Table, names: readonly string[] | undefined): InsertColumns {
  const { columns } = table;
  const all =
    names === undefined
      ? columns.flatMap(({ invisible, period }, index) => (invisible || period !== undefined ? [] : [index]))
      : names.map((name) => columnIndex(table, name));
  all.forEach((index, at) => {
    if (index < 0) throw lacks(table, `has no column ${names?.[at] ?? ''}`);
  });
  const missing = columns.flatMap((column, index) =>
    !isKept(column) || column.period !== undefined || all.includes(index) ? [] : [index],
  );
  const other = missing.find((index) => columns[index]!.generated !== 'stored');
  if (other !== undefined)
    throw lacks(table, `has column ${columns[other]!.name}, of which the dump has no values`);
  return { indexes: all.map((index) => (isKept(columns[index]!) ? index : -1)), leftOut: missing };
}

/** Nobody knows what a stored generated column holds. */
export const leftOutOfDump = (table: Table, index: number): FormatError =>
  lacks(
    table,
    `has the stored generated column ${table.columns[index]!.name}, whose values mysqldump leaves out`,
    {
      hint: 'Leave the table out with --replicate-ignore-table, or replicate from the beginning of the log.',
    },
  );

function lacks({ schema, name }: Table, what: string, more: { readonly hint?: string } = {}): FormatError {
  return new FormatError(`${schema}.${name} ${what}`, more);
}
