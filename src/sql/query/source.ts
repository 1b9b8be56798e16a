import { ServerError } from '../../errors/index.ts';
import { Token } from '../lexer.ts';
import type { Grammar, QueryCursor } from './cursor.ts';
import { heightOf } from './nodes.ts';
import { notSupported } from './refusals.ts';
import type { Expression, Source } from './tree.ts';

/** MAX_TABLES of the servers: as many as a join takes. */
const MAX_TABLES = 61;

/** FROM a, b JOIN c …: what stands between commas. @throws ServerError 1116 too many tables */
export function readFrom(grammar: Grammar): Source[] {
  const count = { tables: 0 };
  return grammar.cursor.list(() => joined(grammar, count));
}

interface Count {
  tables: number;
}

type Join = Pick<Extract<Source, { kind: 'join' }>, 'join' | 'natural'>;

/** JOIN and what may stand in front of it. */
function joinAt(cursor: QueryCursor): (Join & { readonly straight: boolean }) | undefined {
  if (cursor.accept('STRAIGHT_JOIN')) return { join: 'inner', natural: false, straight: true };
  const natural = cursor.accept('NATURAL');
  const side = cursor.acceptOne('LEFT', 'RIGHT');
  if (side !== undefined) cursor.accept('OUTER');
  const plain =
    side === undefined ? cursor.acceptOne('INNER', ...(natural ? [] : ['CROSS' as const])) : undefined;
  if (!cursor.accept('JOIN')) {
    if (natural || side !== undefined || plain !== undefined) throw cursor.fail();
    return undefined;
  }
  return { join: side === 'LEFT' ? 'left' : side === 'RIGHT' ? 'right' : 'inner', natural, straight: false };
}

function joined(grammar: Grammar, count: Count): Source {
  const { cursor } = grammar;
  let left = factor(grammar, count);
  for (;;) {
    const found = joinAt(cursor);
    if (found === undefined) return left;
    const right = factor(grammar, count);
    const { join, natural } = found;
    let on: Expression | undefined;
    let using: readonly string[] = [];
    if (!natural) {
      if (cursor.accept('ON')) on = grammar.expression();
      else if (cursor.accept('USING')) using = cursor.parenthesised(() => cursor.name());
      else if (join !== 'inner') throw cursor.fail();
    }
    left = {
      kind: 'join',
      join,
      natural,
      left,
      right,
      ...(on === undefined ? {} : { on }),
      using,
      height: heightOf(left, right, on),
    };
  }
}

/** One table, a query in the place of one, or joins in parentheses. */
function factor(grammar: Grammar, count: Count): Source {
  const { cursor } = grammar;
  count.tables += 1;
  if (count.tables > MAX_TABLES)
    throw new ServerError(
      1116,
      'HY000',
      `Too many tables; MySQL can only use ${MAX_TABLES} tables in a join`,
    );
  if (cursor.word === 'LATERAL' && cursor.ahead(1).text === '(') throw notSupported('LATERAL');
  if (cursor.word === 'JSON_TABLE' && cursor.ahead(1).text === '(') throw notSupported('JSON_TABLE');
  if (cursor.atQuery) {
    const query = grammar.query();
    const alias = aliasAt(cursor);
    if (alias === undefined)
      throw new ServerError(1248, '42000', 'Every derived table must have its own alias');
    const columns = cursor.isSymbol('(') ? cursor.parenthesised(() => cursor.name()) : [];
    return { kind: 'derived', query, alias, columns, height: heightOf(query) };
  }
  if (cursor.isSymbol('(')) {
    const inner = cursor.parenthesised(() => grammar.nested(() => joined(grammar, count)));
    // (a, b) is a join of both.
    return inner.reduce((left, right) => ({
      kind: 'join',
      join: 'inner',
      natural: false,
      left,
      right,
      using: [],
      height: heightOf(left, right),
    }));
  }
  return table(cursor);
}

function table(cursor: QueryCursor): Source {
  if (cursor.accept('DUAL')) {
    const alias = aliasAt(cursor);
    return { kind: 'dual', ...(alias === undefined ? {} : { alias }), height: 1 };
  }
  cursor.acceptSymbol('.');
  const first = cursor.name();
  const schema = cursor.acceptSymbol('.') ? first : undefined;
  const name = schema === undefined ? first : cursor.anyName();
  if (cursor.word === 'PARTITION' && cursor.ahead(1).text === '(') throw notSupported('PARTITION');
  const alias = aliasAt(cursor);
  skipHints(cursor);
  return {
    kind: 'table',
    table: name,
    ...(schema === undefined ? {} : { schema }),
    ...(alias === undefined ? {} : { alias }),
    height: 1,
  };
}

/** MariaDB, to which WINDOW is a name, calls no table so: the word begins the clause. */
function aliasAt(cursor: QueryCursor): string | undefined {
  const isAsked = cursor.accept('AS');
  if (cursor.word === 'WINDOW' && isAsked) throw cursor.fail();
  return isAsked || (cursor.isName() && cursor.word !== 'WINDOW') ? cursor.name() : undefined;
}

/** USE INDEX FOR JOIN (a, b): which index is used is SQLite's matter. */
function skipHints(cursor: QueryCursor): void {
  while (cursor.acceptOne('USE', 'FORCE', 'IGNORE') !== undefined) {
    if (cursor.acceptOne('INDEX', 'KEY') === undefined) throw cursor.fail();
    if (cursor.accept('FOR') && cursor.acceptOne('JOIN') === undefined) {
      if (cursor.acceptOne('ORDER', 'GROUP') === undefined) throw cursor.fail();
      cursor.expect('BY');
    }
    cursor.expectSymbol('(');
    while (cursor.token.kind !== Token.END && !cursor.isSymbol(')')) cursor.advance();
    cursor.expectSymbol(')');
    cursor.acceptSymbol(',');
  }
}
