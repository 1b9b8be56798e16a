import type { Flavor } from '../../charset/index.ts';
import { Token } from '../lexer.ts';
import { type Grammar, QueryCursor } from './cursor.ts';
import { readExpression, readOperand } from './expression.ts';
import { heightOf } from './nodes.ts';
import { notSupported } from './refusals.ts';
import { readSelect, readValues, refuseInto } from './select.ts';
import { tooDeep } from './tokens.ts';
import type { CommonTable, Expression, Query, Select, SetOperator, ValueRows } from './tree.ts';
import { readOrder } from './window.ts';

/** Things within one another that have no parentheses: CASE, INTERVAL, BETWEEN. */
const MAX_DEPTH = 250;
/** Modes that are others taken together, among them. */
const PIPES_AS_CONCAT = /\b(PIPES_AS_CONCAT|ANSI|ORACLE|MSSQL|DB2|MAXDB|POSTGRESQL)\b/i;
/** SQLITE_MAX_COMPOUND_SELECT */
const MAX_MEMBERS = 500;

/**
 * Reads a query of MySQL's or MariaDB's. What comes from strangers is bounded before anything calls itself: by parentheses, by what
 * stands within one another, by the height of the tree.
 *
 * @param modes - `@@sql_mode`, of which one says what `||` is
 * @throws ServerError in the server's words: 1064 at the place that does not fit, 1116, 1248, 1235 for what is not carried
 */
export function parseQuery(text: string, flavor: Flavor = 'mysql', modes = ''): Query {
  const cursor = new QueryCursor(text, flavor, PIPES_AS_CONCAT.test(modes));
  const query = new QueryParser(cursor).whole();
  cursor.acceptSymbol(';');
  if (!cursor.atEnd) throw cursor.fail();
  return query;
}

type Member = Select | ValueRows | Query;

class QueryParser implements Grammar {
  readonly cursor: QueryCursor;
  #depth = 0;

  constructor(cursor: QueryCursor) {
    this.cursor = cursor;
  }

  readonly expression = (): Expression => this.nested(() => readExpression(this));
  readonly operand = (): Expression => this.nested(() => readOperand(this));

  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw tooDeep();
    const value = read();
    this.#depth -= 1;
    return value;
  }

  /** A query in its parentheses. */
  readonly query = (): Query => {
    this.cursor.expectSymbol('(');
    const query = this.nested(() => this.whole());
    this.cursor.expectSymbol(')');
    return query;
  };

  /** A query up to what does not belong to it. */
  whole(): Query {
    const { cursor } = this;
    const recursive = cursor.word === 'WITH' && cursor.ahead(1).word === 'RECURSIVE';
    const tables = cursor.accept('WITH') ? this.#commonTables() : [];
    const first = this.#intersections();
    const rest = this.#members(['UNION', 'EXCEPT'], () => this.#intersections());
    const order = readOrder(this);
    const limit = this.#limit();
    refuseInto(this);
    this.#locks();
    refuseInto(this);
    const height = heightOf(...tables.map(({ query }) => query), first, ...rest.map(({ query }) => query));
    return {
      kind: 'query',
      recursive,
      with: tables,
      first,
      rest,
      order,
      ...(limit === undefined ? {} : { limit }),
      height,
    };
  }

  /** INTERSECT binds closer than UNION. */
  #intersections(): Member {
    const first = this.#member();
    const rest = this.#members(['INTERSECT'], () => this.#member());
    if (rest.length === 0) return first;
    const height = heightOf(first, ...rest.map(({ query }) => query));
    return { kind: 'query', recursive: false, with: [], first, rest, order: [], height };
  }

  #members(
    words: readonly ('UNION' | 'EXCEPT' | 'INTERSECT')[],
    read: () => Member,
  ): Query['rest'][number][] {
    const { cursor } = this;
    const found: Query['rest'][number][] = [];
    for (;;) {
      const word = cursor.acceptOne(...words);
      if (word === undefined) return found;
      const all = cursor.acceptOne('ALL', 'DISTINCT') === 'ALL';
      if (all && word !== 'UNION') throw notSupported(`${word} ALL`);
      const operator: SetOperator = all ? 'UNION ALL' : word;
      found.push({ operator, query: read() });
      if (found.length >= MAX_MEMBERS) throw notSupported(`${word} of more than ${MAX_MEMBERS} queries`);
    }
  }

  #member(): Member {
    const { cursor } = this;
    if (cursor.atQuery) return this.query();
    if (cursor.word === 'VALUES') return readValues(this);
    if (cursor.word === 'TABLE') throw notSupported('TABLE', 'SELECT * FROM it');
    return readSelect(this);
  }

  /** Behind WITH. */
  #commonTables(): CommonTable[] {
    const { cursor } = this;
    cursor.accept('RECURSIVE');
    return cursor.list(() => {
      const name = cursor.name();
      const columns = cursor.isSymbol('(') ? cursor.parenthesised(() => cursor.name()) : [];
      cursor.expect('AS');
      return { name, columns, query: this.query() };
    });
  }

  /** LIMIT count, LIMIT offset, count, LIMIT count OFFSET offset. */
  #limit(): Query['limit'] {
    const { cursor } = this;
    if (!cursor.accept('LIMIT')) return undefined;
    const count = this.#amount();
    if (cursor.acceptSymbol(',')) return { count: this.#amount(), offset: count };
    return cursor.accept('OFFSET') ? { count, offset: this.#amount() } : { count };
  }

  #amount(): Expression {
    const { kind, text } = this.cursor.token;
    if (kind !== Token.NUMBER || !/^\d+$/.test(text)) throw this.cursor.fail();
    this.cursor.advance();
    return { kind: 'number', text, height: 1 };
  }

  /** FOR UPDATE, FOR SHARE OF t NOWAIT, LOCK IN SHARE MODE: a relay has nobody to lock out. */
  #locks(): void {
    const { cursor } = this;
    if (cursor.accept('LOCK', 'IN', 'SHARE', 'MODE')) return;
    while (cursor.accept('FOR')) {
      if (cursor.acceptOne('UPDATE', 'SHARE') === undefined) throw cursor.fail();
      if (cursor.accept('OF')) cursor.list(() => cursor.name());
      if (!cursor.accept('SKIP', 'LOCKED')) cursor.accept('NOWAIT');
    }
  }
}
