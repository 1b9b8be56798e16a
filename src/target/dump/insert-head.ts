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

/** Index of the column that each value of a row is for; −1: it is not kept. @throws FormatError values are missing */
export function columnsOf(table: Table, names: readonly string[] | undefined): number[] {
  const { columns } = table;
  const all =
    names === undefined
      ? columns.flatMap(({ invisible, period }, index) => (invisible || period !== undefined ? [] : [index]))
      : names.map((name) => columnIndex(table, name));
  all.forEach((index, at) => {
    if (index < 0) throw lacks(table, `has no column ${names?.[at] ?? ''}`);
  });
  columns.forEach((column, index) => {
    if (!isKept(column) || column.period !== undefined || all.includes(index)) return;
    if (column.generated === 'stored') {
      throw lacks(
        table,
        `has the stored generated column ${column.name}, whose values mysqldump leaves out`,
        {
          hint: 'Leave the table out with --replicate-ignore-table, or replicate from the beginning of the log.',
        },
      );
    }
    throw lacks(table, `has column ${column.name}, of which the dump has no values`);
  });
  return all.map((index) => (isKept(columns[index]!) ? index : -1));
}

function lacks({ schema, name }: Table, what: string, more: { readonly hint?: string } = {}): FormatError {
  return new FormatError(`${schema}.${name} ${what}`, more);
}
