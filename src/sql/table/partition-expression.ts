import type { PartitionTokens } from './partition-tokens.ts';
import type { PartitionExpression } from './partitioning.ts';

type Read = (tokens: PartitionTokens) => PartitionExpression;

/** Deepest nesting of an expression: what a hostile source writes must not fill the stack. */
const MAX_DEPTH = 50;

const call = (name: string, ...parts: readonly PartitionExpression[]): PartitionExpression => ({
  kind: 'call',
  name,
  arguments: parts,
});

/** Reads what rows are partitioned by, or a value of a partition. @throws NotUnderstood */
export const partitionExpression: Read = (tokens) => sum(tokens, 0);

function sum(tokens: PartitionTokens, depth: number): PartitionExpression {
  let left = product(tokens, depth);
  for (;;) {
    if (tokens.acceptSymbol('+')) left = call('+', left, product(tokens, depth));
    else if (tokens.acceptSymbol('-')) left = call('-', left, product(tokens, depth));
    else return left;
  }
}

function product(tokens: PartitionTokens, depth: number): PartitionExpression {
  let left = single(tokens, depth);
  for (;;) {
    if (tokens.acceptSymbol('*')) left = call('*', left, single(tokens, depth));
    else if (tokens.accept('DIV')) left = call('DIV', left, single(tokens, depth));
    else if (tokens.accept('MOD') || tokens.acceptSymbol('%'))
      left = call('MOD', left, single(tokens, depth));
    else return left;
  }
}

function single(tokens: PartitionTokens, depth: number): PartitionExpression {
  if (depth > MAX_DEPTH) return tokens.fail('a shorter expression');
  if (tokens.acceptSymbol('(')) {
    const inner = sum(tokens, depth + 1);
    tokens.expectSymbol(')');
    return inner;
  }
  if (tokens.acceptSymbol('-')) return negative(single(tokens, depth + 1));
  if (tokens.acceptSymbol('+')) return single(tokens, depth + 1);
  const digits = tokens.take('number');
  if (digits !== undefined)
    return /^\d{1,30}$/.test(digits) && !tokens.isSymbol('.')
      ? { kind: 'integer', digits: String(BigInt(digits)) }
      : tokens.fail('an integer');
  const text = tokens.take('text');
  if (text !== undefined) return { kind: 'text', text };
  const quoted = tokens.take('name');
  if (quoted !== undefined) return column(tokens, quoted);
  if (tokens.accept('NULL')) return { kind: 'null' };
  if (tokens.accept('MAXVALUE')) return { kind: 'maxvalue' };
  const { word } = tokens;
  const name = tokens.name();
  if (tokens.acceptSymbol('(')) return callOf(word, tokens, depth + 1);
  const literal = LITERALS.has(word) ? tokens.take('text') : undefined;
  return literal === undefined ? column(tokens, name) : { kind: 'text', text: literal };
}

/** What may stand before a text without changing what it says, where it is ASCII or the statement's own. */
const LITERALS: ReadonlySet<string> = new Set(['DATE', 'TIMESTAMP', '_UTF8', '_UTF8MB3', '_UTF8MB4']);

/** `-5` is a number, and not a calculation. */
const negative = (value: PartitionExpression): PartitionExpression =>
  value.kind === 'integer' ? { kind: 'integer', digits: String(-BigInt(value.digits)) } : call('NEG', value);

/** A column, perhaps behind the name of its table. */
function column(tokens: PartitionTokens, first: string): PartitionExpression {
  let name = first;
  while (tokens.acceptSymbol('.')) name = tokens.name();
  // A text with a character set of its own, a bit or hexadecimal value.
  if (tokens.take('text') !== undefined) return tokens.fail('a value');
  return { kind: 'column', name };
}

function callOf(name: string, tokens: PartitionTokens, depth: number): PartitionExpression {
  const parts: PartitionExpression[] = [];
  if (name === 'EXTRACT') {
    parts.push({ kind: 'text', text: tokens.word });
    tokens.name();
    tokens.expect('FROM');
  }
  if (tokens.acceptSymbol(')')) return call(name);
  do parts.push(sum(tokens, depth));
  while (tokens.acceptSymbol(','));
  tokens.expectSymbol(')');
  return call(name, ...parts);
}
