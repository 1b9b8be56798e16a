import { Token } from '../lexer.ts';
import type { Grammar } from './cursor.ts';
import { heightOf } from './nodes.ts';
import type { Expression, Order, Window } from './tree.ts';

/** ORDER BY a, b DESC, or nothing. */
export function readOrder({ cursor, expression }: Grammar): Order[] {
  if (!cursor.accept('ORDER', 'BY')) return [];
  return cursor.list(() => ({ by: expression(), descending: cursor.acceptOne('ASC', 'DESC') === 'DESC' }));
}

/** Behind OVER: a name, or a window in its parentheses. */
export function readOver(grammar: Grammar): string | Window {
  return grammar.cursor.isSymbol('(') ? readWindow(grammar) : grammar.cursor.name();
}

/** `(base PARTITION BY … ORDER BY … ROWS …)` */
export function readWindow(grammar: Grammar): Window {
  const { cursor, expression } = grammar;
  cursor.expectSymbol('(');
  const base =
    cursor.isName() && !isFrame(cursor.word) && cursor.word !== 'PARTITION' ? cursor.name() : undefined;
  const partition = cursor.accept('PARTITION', 'BY') ? cursor.list(expression) : [];
  const order = readOrder(grammar);
  const frame = isFrame(cursor.word) ? readFrame(grammar) : [];
  cursor.expectSymbol(')');
  const parts = [...partition, ...order.map(({ by }) => by)];
  return { ...(base === undefined ? {} : { base }), partition, order, frame, height: heightOf(...parts) };
}

const isFrame = (word: string): boolean => word === 'ROWS' || word === 'RANGE' || word === 'GROUPS';

/** ROWS BETWEEN bound AND bound, ROWS bound. */
function readFrame(grammar: Grammar): (string | Expression)[] {
  const { cursor } = grammar;
  const unit = cursor.acceptOne('ROWS', 'RANGE');
  if (unit === undefined) throw cursor.fail();
  if (!cursor.accept('BETWEEN')) return [unit, ...readBound(grammar)];
  const from = readBound(grammar);
  cursor.expect('AND');
  return [unit, 'BETWEEN', ...from, 'AND', ...readBound(grammar)];
}

/** UNBOUNDED PRECEDING, CURRENT ROW, 5 FOLLOWING. */
function readBound({ cursor }: Grammar): (string | Expression)[] {
  if (cursor.accept('CURRENT', 'ROW')) return ['CURRENT ROW'];
  const amount: (string | Expression)[] = [];
  if (cursor.accept('UNBOUNDED')) amount.push('UNBOUNDED');
  else {
    const { kind, text } = cursor.token;
    if (kind !== Token.NUMBER || !/^\d/.test(text)) throw cursor.fail();
    cursor.advance();
    amount.push({ kind: 'number', text, height: 1 });
  }
  const side = cursor.acceptOne('PRECEDING', 'FOLLOWING');
  if (side === undefined) throw cursor.fail();
  return [...amount, side];
}
