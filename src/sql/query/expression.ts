import type { Grammar } from './cursor.ts';
import { heightOf, not } from './nodes.ts';
import { readPrimary } from './primary.ts';
import { notSupported } from './refusals.ts';
import type { BinaryOperator, Expression } from './tree.ts';
import { unitAt } from './units.ts';

const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator,
  left,
  right,
  height: heightOf(left, right),
});

/** Joins by OR, by AND: one node for as many as there are. */
function conditions(kind: 'some' | 'every', parts: readonly Expression[]): Expression {
  return parts.length === 1 ? parts[0]! : { kind, conditions: parts, height: heightOf(...parts) };
}

/** An expression, OR being the loosest. */
export function readExpression(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const parts = [exclusive(grammar)];
  while (cursor.acceptOne('OR') !== undefined || cursor.acceptSymbol('||')) parts.push(exclusive(grammar));
  if (cursor.isSymbol(':=')) throw notSupported('assignment in a query', 'SET the variable before it');
  return conditions('some', parts);
}

function exclusive(grammar: Grammar): Expression {
  let left = every(grammar);
  while (grammar.cursor.accept('XOR')) left = binary('XOR', left, every(grammar));
  return left;
}

function every(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const parts = [negation(grammar)];
  while (cursor.acceptOne('AND') !== undefined || cursor.acceptSymbol('&&')) parts.push(negation(grammar));
  return conditions('every', parts);
}

function negation(grammar: Grammar): Expression {
  let negations = 0;
  while (grammar.cursor.accept('NOT')) negations += 1;
  let operand = comparison(grammar);
  for (; negations > 0; negations -= 1) operand = not(operand, true);
  return operand;
}

const COMPARISONS: Readonly<Record<string, BinaryOperator>> = {
  '=': '=',
  '<=>': '<=>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '<>': '<>',
  '!=': '<>',
};

/** Comparisons and IS, from left to right. */
function comparison(grammar: Grammar): Expression {
  const { cursor } = grammar;
  let left = predicate(grammar);
  for (;;) {
    const operator = cursor.token.word === '' ? COMPARISONS[cursor.token.text] : undefined;
    if (operator !== undefined && cursor.isSymbol(cursor.token.text)) {
      cursor.advance();
      const some = cursor.acceptOne('ANY', 'SOME', 'ALL');
      left =
        some === undefined
          ? binary(operator, left, predicate(grammar))
          : quantified(grammar, left, operator, some);
    } else if (cursor.accept('IS')) {
      const negated = cursor.accept('NOT');
      const what = cursor.acceptOne('NULL', 'TRUE', 'FALSE', 'UNKNOWN');
      if (what === undefined) throw cursor.fail();
      left = {
        kind: 'is',
        operand: left,
        not: negated,
        what: what === 'UNKNOWN' ? 'NULL' : what,
        height: heightOf(left),
      };
    } else return left;
  }
}

/** `= ANY (query)` is IN, `<> ALL (query)` NOT IN. */
function quantified(grammar: Grammar, left: Expression, operator: BinaryOperator, some: string): Expression {
  if (!grammar.cursor.atQuery) throw grammar.cursor.fail();
  const values = grammar.query();
  const isIn = operator === '=' && some !== 'ALL';
  if (!isIn && !(operator === '<>' && some === 'ALL')) {
    if (left.kind === 'row' || operator === '<=>') throw notSupported(`${operator} ${some}`);
    const height = heightOf(left, values);
    return { kind: 'quantified', operator, isAll: some === 'ALL', operand: left, query: values, height };
  }
  return not({ kind: 'in', operand: left, values, height: heightOf(left, values) }, !isIn);
}

/** IN, BETWEEN, LIKE, REGEXP: one behind an operand. */
function predicate(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const operand = readOperand(grammar, 1);
  const negated = cursor.word === 'NOT' && cursor.accept('NOT');
  const word = cursor.acceptOne('IN', 'BETWEEN', 'LIKE', 'REGEXP', 'RLIKE');
  if (word === undefined) {
    if (negated) throw cursor.fail();
    if (cursor.word === 'SOUNDS') throw notSupported(`SOUNDS ${cursor.ahead(1).word}`);
    const isMember = cursor.flavor === 'mysql' && cursor.word === 'MEMBER' && cursor.ahead(1).word === 'OF';
    return isMember ? memberOf(grammar, operand) : operand;
  }
  return not(readers[word](grammar, operand), negated);
}

/** `value MEMBER OF (list)`: as a call, which nobody can write. */
function memberOf(grammar: Grammar, operand: Expression): Expression {
  const { cursor } = grammar;
  cursor.expect('MEMBER');
  cursor.expect('OF');
  cursor.expectSymbol('(');
  const values = [operand, grammar.expression()];
  cursor.expectSymbol(')');
  const call = { star: false, distinct: false, order: [], values, text: '' };
  return { kind: 'call', name: 'MEMBER OF', ...call, height: heightOf(...values) };
}

const regexp = (grammar: Grammar, operand: Expression): Expression =>
  binary('REGEXP', operand, readOperand(grammar, 1));

const readers = {
  IN: (grammar: Grammar, operand: Expression): Expression => {
    const values = grammar.cursor.atQuery
      ? grammar.query()
      : grammar.cursor.parenthesised(() => grammar.expression());
    const height = heightOf(operand, ...('kind' in values ? [values] : values));
    return { kind: 'in', operand, values, height };
  },
  BETWEEN: (grammar: Grammar, operand: Expression): Expression => {
    const low = readOperand(grammar, 1);
    grammar.cursor.expect('AND');
    const high = grammar.nested(() => predicate(grammar));
    return { kind: 'between', operand, low, high, height: heightOf(operand, low, high) };
  },
  LIKE: (grammar: Grammar, operand: Expression): Expression => {
    const pattern = readPrimary(grammar);
    const like = binary('LIKE', operand, pattern);
    if (!grammar.cursor.accept('ESCAPE')) return like;
    const escape = readPrimary(grammar);
    return { ...(like as Extract<Expression, { kind: 'binary' }>), escape, height: heightOf(like, escape) };
  },
  REGEXP: regexp,
  RLIKE: regexp,
} as const;

/** Operators of numbers and bits; the higher, the closer they bind. */
const OPERATORS: Readonly<Record<string, { readonly binds: number; readonly operator: BinaryOperator }>> = {
  '|': { binds: 1, operator: '|' },
  '&': { binds: 2, operator: '&' },
  '<<': { binds: 3, operator: '<<' },
  '>>': { binds: 3, operator: '>>' },
  '+': { binds: 4, operator: '+' },
  '-': { binds: 4, operator: '-' },
  '*': { binds: 5, operator: '*' },
  '/': { binds: 5, operator: '/' },
  '%': { binds: 5, operator: 'MOD' },
  DIV: { binds: 5, operator: 'DIV' },
  MOD: { binds: 5, operator: 'MOD' },
  '^': { binds: 6, operator: '^' },
};

/** Operators that bind as close as `least`, or closer. */
export function readOperand(grammar: Grammar, least = 1): Expression {
  const { cursor } = grammar;
  let left = readPrimary(grammar);
  for (;;) {
    const { token } = cursor;
    const key = token.word === '' ? token.text : token.word;
    const found = Object.hasOwn(OPERATORS, key) ? OPERATORS[key] : undefined;
    if (found === undefined || found.binds < least) return left;
    cursor.advance();
    if ((key === '+' || key === '-') && cursor.accept('INTERVAL')) left = interval(grammar, key, left);
    else left = binary(found.operator, left, readOperand(grammar, found.binds + 1));
  }
}

/** What stands behind INTERVAL: an amount and its unit. */
function interval(grammar: Grammar, sign: '+' | '-', date: Expression): Expression {
  const amount = grammar.expression();
  const unit = unitAt(grammar.cursor);
  return { kind: 'interval', sign, date, amount, unit, height: heightOf(date, amount) };
}
