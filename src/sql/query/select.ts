import { Token } from '../lexer.ts';
import type { Grammar } from './cursor.ts';
import { heightOf } from './nodes.ts';
import { notSupported } from './refusals.ts';
import { readFrom } from './source.ts';
import type { Expression, Select, SelectItem, ValueRows } from './tree.ts';
import { readWindow } from './window.ts';

/** Words behind SELECT that change nothing here. */
const MODIFIERS = [
  'SQL_NO_CACHE',
  'SQL_CACHE',
  'SQL_CALC_FOUND_ROWS',
  'SQL_SMALL_RESULT',
  'SQL_BIG_RESULT',
  'SQL_BUFFER_RESULT',
  'HIGH_PRIORITY',
  'STRAIGHT_JOIN',
] as const;

/** With SELECT at hand: to what follows HAVING and WINDOW. */
export function readSelect(grammar: Grammar): Select {
  const { cursor, expression } = grammar;
  cursor.expect('SELECT');
  let distinct = false;
  for (;;) {
    const word = cursor.acceptOne('DISTINCT', 'DISTINCTROW', 'ALL', ...MODIFIERS);
    if (word === undefined) break;
    distinct ||= word === 'DISTINCT' || word === 'DISTINCTROW';
  }
  const items = cursor.list(() => readItem(grammar));
  refuseInto(grammar);
  const from = cursor.accept('FROM') ? readFrom(grammar) : [];
  const where = cursor.accept('WHERE') ? expression() : undefined;
  const group = cursor.accept('GROUP', 'BY') ? readGroup(grammar) : [];
  const having = cursor.accept('HAVING') ? expression() : undefined;
  const windows =
    cursor.word === 'WINDOW' && cursor.accept('WINDOW') ? cursor.list(() => readNamed(grammar)) : [];
  if (cursor.word === 'QUALIFY') throw notSupported('QUALIFY');
  return {
    kind: 'select',
    distinct,
    items,
    from,
    ...(where === undefined ? {} : { where }),
    group,
    ...(having === undefined ? {} : { having }),
    windows,
    height: heightOf(
      where,
      having,
      ...items.map((item) => (item.kind === 'value' ? item.value : undefined)),
      ...from,
      ...group,
      ...windows.map(({ window }) => window),
    ),
  };
}

export function refuseInto({ cursor }: Grammar): void {
  if (cursor.word === 'INTO')
    throw notSupported('INTO', 'A relay writes no files and keeps results in no variables');
}

function readGroup({ cursor, expression }: Grammar): Expression[] {
  const group = cursor.list(() => {
    const by = expression();
    // MySQL sorts no more by it, MariaDB still reads it.
    if (cursor.flavor === 'mariadb') cursor.acceptOne('ASC', 'DESC');
    return by;
  });
  if (cursor.word === 'WITH') throw notSupported('WITH ROLLUP');
  return group;
}

const readNamed = (grammar: Grammar): Select['windows'][number] => {
  const name = grammar.cursor.name();
  grammar.cursor.expect('AS');
  return { name, window: readWindow(grammar) };
};

function readItem(grammar: Grammar): SelectItem {
  const { cursor } = grammar;
  if (cursor.acceptSymbol('*')) return { kind: 'all', table: [] };
  for (const names of [1, 2]) {
    if (!cursor.isName() || cursor.ahead(names * 2 - 1).text !== '.' || cursor.ahead(names * 2).text !== '*')
      continue;
    const table: string[] = [];
    while (table.length < names) {
      table.push(cursor.anyName());
      cursor.expectSymbol('.');
    }
    cursor.expectSymbol('*');
    return { kind: 'all', table };
  }
  const { start } = cursor.token;
  const value = grammar.expression();
  const text = cursor.slice(start);
  const name = readAlias(cursor);
  if (name !== undefined) return { kind: 'value', value, name, implied: false };
  return { kind: 'value', value, name: impliedName(value, text), implied: true };
}

function readAlias(cursor: Grammar['cursor']): string | undefined {
  if (cursor.accept('AS')) return cursor.atString ? cursor.string() : cursor.name();
  if (cursor.atString) return cursor.string();
  return cursor.isName() && cursor.token.kind !== Token.END ? cursor.name() : undefined;
}

/** What a column is called that nobody named: a column by its name, a string by what it says, all else by its text. */
function impliedName(value: Expression, text: string): string {
  if (value.kind === 'column') return value.path.at(-1)!;
  if (value.kind === 'string' && !/^(date|time|timestamp)\b/i.test(text)) return value.value;
  const isLiteral = value.kind === 'number' || value.kind === 'boolean' || value.kind === 'null';
  return isLiteral ? text.replaceAll(/^[\s(]+|(?<![\s)])[\s)]+$/g, '') : text;
}

/** VALUES ROW(1, 2), ROW(3, 4); MariaDB's have no ROW. */
export function readValues(grammar: Grammar): ValueRows {
  const { cursor, expression } = grammar;
  cursor.expect('VALUES');
  const rows = cursor.list(() => {
    if (cursor.flavor === 'mysql') cursor.expect('ROW');
    return cursor.parenthesised(expression);
  });
  return { kind: 'values', rows, height: heightOf(...rows.flat()) };
}
