import { nameValue, stringValue, variableName } from '../administration/index.ts';
import { Token } from '../lexer.ts';
import { isCall, readCall } from './call.ts';
import type { Grammar } from './cursor.ts';
import { heightOf, NULL } from './nodes.ts';
import { notSupported } from './refusals.ts';
import type { Expression, When } from './tree.ts';
import { unitAt } from './units.ts';

const PREFIXES: Readonly<Record<string, '-' | '+' | '~' | 'NOT' | 'BINARY'>> = {
  '-': '-',
  '+': '+',
  '~': '~',
  '!': 'NOT',
  BINARY: 'BINARY',
};

/** What binds closest; with PIPES_AS_CONCAT, several of them in one text. */
export function readPrimary(grammar: Grammar): Expression {
  const first = readSigned(grammar);
  const { cursor } = grammar;
  const values = [first];
  while (cursor.joinsTexts && cursor.acceptSymbol('||')) values.push(readSigned(grammar));
  if (values.length === 1) return first;
  const height = heightOf(...values);
  return { kind: 'call', name: 'CONCAT', text: '', values, star: false, distinct: false, order: [], height };
}

/** A value, a name, a call, what stands in parentheses, a CASE; with its signs and its COLLATE. */
function readSigned(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const signs: (typeof PREFIXES)[string][] = [];
  for (;;) {
    const { kind, text, word } = cursor.token;
    const prefix = kind === Token.SYMBOL ? PREFIXES[text] : word === 'BINARY' ? 'BINARY' : undefined;
    if (prefix === undefined) break;
    signs.push(prefix);
    cursor.advance();
  }
  let value = readSimple(grammar);
  while (cursor.accept('COLLATE')) {
    const collation = cursor.atString ? cursor.string() : cursor.anyName();
    value = { kind: 'collate', operand: value, collation, height: heightOf(value) };
  }
  if (cursor.isSymbol('->') || cursor.isSymbol('->>')) value = extracted(grammar, value);
  for (const operator of signs.reverse()) {
    const height = heightOf(value);
    value =
      operator === 'BINARY'
        ? { kind: 'collate', operand: value, collation: 'binary', height }
        : { kind: 'unary', operator, operand: value, height };
  }
  return value;
}

/** `column -> path` is JSON_EXTRACT, `column ->> path` its value without quotes. */
function extracted(grammar: Grammar, column: Expression): Expression {
  const { cursor } = grammar;
  if (column.kind !== 'column' || cursor.flavor === 'mariadb') throw cursor.fail();
  const operator = cursor.advance().text;
  const path: Expression = { kind: 'string', value: cursor.string(), height: 1 };
  const call = (name: string, ...values: Expression[]): Expression => {
    const height = heightOf(...values);
    return { kind: 'call', name, text: '', values, star: false, distinct: false, order: [], height };
  };
  const found = call('JSON_EXTRACT', column, path);
  return operator === '->' ? found : call('JSON_UNQUOTE', found);
}

const CONSTANTS: Readonly<Record<string, Expression>> = {
  NULL,
  TRUE: { kind: 'boolean', value: true, height: 1 },
  FALSE: { kind: 'boolean', value: false, height: 1 },
};

/** Words that begin a value and are no name. */
const READERS: Readonly<Record<string, (grammar: Grammar) => Expression>> = {
  CASE: readCase,
  INTERVAL: leadingInterval,
  EXISTS: (grammar) => {
    if (!grammar.cursor.atQuery) throw grammar.cursor.fail();
    const query = grammar.query();
    return { kind: 'exists', query, height: heightOf(query) };
  },
  ROW: (grammar) => row(grammar.cursor.parenthesised(() => grammar.expression())),
};

/** Words without parentheses that are values, though no name could be called so. */
const VALUE_WORDS: ReadonlySet<string> = new Set(
  'CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME UTC_TIMESTAMP'.split(
    ' ',
  ),
);

function readSimple(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const { kind, text, word } = cursor.token;
  switch (kind) {
    case Token.STRING:
      return { kind: 'string', value: cursor.string(), height: 1 };
    case Token.NUMBER:
      cursor.advance();
      return numeral(text);
    case Token.VARIABLE:
      cursor.advance();
      return { kind: 'variable', variable: variableName(text), height: 1 };
    case Token.SYMBOL:
      if (text === '(') return parenthesis(grammar);
      if (text === '{') return escaped(grammar);
      throw cursor.fail();
    case Token.QUOTED:
      return isCall(cursor) ? readCall(grammar) : column(grammar);
    case Token.WORD:
      break;
    default:
      throw cursor.fail();
  }
  const literal = literalBehind(grammar, word);
  if (literal !== undefined) return literal;
  if (isCall(cursor) && !(word in READERS)) return readCall(grammar);
  const constant = Object.hasOwn(CONSTANTS, word) ? CONSTANTS[word] : undefined;
  if (constant === undefined && !Object.hasOwn(READERS, word)) return column(grammar);
  if (constant === undefined && word === 'ROW' && cursor.ahead(1).text !== '(') return column(grammar);
  cursor.advance();
  return constant ?? READERS[word]!(grammar);
}

function numeral(text: string): Expression {
  const [, base, digits] = /^0([xb])([\da-f]+)$/i.exec(text) ?? [];
  if (base === undefined) return { kind: 'number', text, height: 1 };
  return { kind: 'bytes', value: bytesOf(base, digits!), height: 1 };
}

/** Of hexadecimal or binary digits; what is missing in front is 0. */
function bytesOf(base: string, digits: string): Buffer {
  const hex = /x/i.test(base) ? digits : BigInt(`0b${digits}`).toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** `x'41'`, `b'01'`, `N'text'`, `_utf8mb4'text'`, `DATE '2026-11-21'`; undefined: it is none of them. */
function literalBehind({ cursor }: Grammar, word: string): Expression | undefined {
  const { kind, text } = cursor.ahead(1);
  const isIntroducer = word.startsWith('_');
  if (isIntroducer && kind === Token.NUMBER && /^0[xb]/i.test(text)) {
    cursor.advance();
    const bytes = bytesOf(text[1]!, text.slice(2));
    cursor.advance();
    if (word === '_BINARY') return { kind: 'bytes', value: bytes, height: 1 };
    return { kind: 'string', value: bytes.toString(), height: 1 };
  }
  if (kind !== Token.STRING) return undefined;
  if (/^[XB]$/.test(word) && cursor.ahead(1).start === cursor.token.end) {
    cursor.advance();
    const digits = stringValue(cursor.token.text);
    const isDigits = word === 'X' ? /^([\da-f]{2})*$/i.test(digits) : /^[01]*$/.test(digits);
    if (!isDigits) throw cursor.fail();
    cursor.advance();
    return { kind: 'bytes', value: digits === '' ? Buffer.alloc(0) : bytesOf(word, digits), height: 1 };
  }
  if (isIntroducer || word === 'N') {
    cursor.advance();
    return { kind: 'string', value: cursor.string(), height: 1 };
  }
  if (!Object.hasOwn(MOMENTS, word)) return undefined;
  cursor.advance();
  return { kind: 'moment', type: MOMENTS[word]!, text: cursor.string(), height: 1 };
}

const MOMENTS: Readonly<Record<string, Extract<Expression, { kind: 'moment' }>['type']>> = {
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'DATETIME',
};

/** `{d '2026-11-21'}`, as ODBC and JDBC write moments; other words say nothing of what is behind them. */
function escaped(grammar: Grammar): Expression {
  const { cursor } = grammar;
  cursor.advance();
  const word = cursor.anyName().toUpperCase();
  const value = grammar.expression();
  cursor.expectSymbol('}');
  if (value.kind !== 'string' || !Object.hasOwn(ESCAPES, word)) return value;
  return { kind: 'moment', type: ESCAPES[word]!, text: value.value, height: 1 };
}

const ESCAPES: typeof MOMENTS = { D: 'DATE', T: 'TIME', TS: 'DATETIME' };

/** A name with up to two more in front of it. */
function column(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const { kind, word } = cursor.token;
  const isValue = VALUE_WORDS.has(word);
  const path = [isValue ? nameValue(cursor.advance().text) : cursor.name()];
  while (path.length < 3 && !isValue && cursor.acceptSymbol('.')) path.push(cursor.anyName());
  return { kind: 'column', path, bare: kind === Token.WORD && path.length === 1, height: 1 };
}

const row = (values: readonly Expression[]): Expression => ({
  kind: 'row',
  values,
  height: heightOf(...values),
});

/** With `(` at hand: a query, a row, or an expression alone. */
function parenthesis(grammar: Grammar): Expression {
  const { cursor } = grammar;
  if (cursor.atQuery) {
    const query = grammar.query();
    return { kind: 'subquery', query, height: heightOf(query) };
  }
  const values = cursor.parenthesised(() => grammar.expression());
  return values.length === 1 ? values[0]! : row(values);
}

function readCase(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const operand = cursor.word === 'WHEN' ? undefined : grammar.expression();
  const whens: When[] = [];
  while (cursor.accept('WHEN')) {
    const when = grammar.expression();
    cursor.expect('THEN');
    whens.push({ when, result: grammar.expression() });
  }
  if (whens.length === 0) throw cursor.fail();
  const otherwise = cursor.accept('ELSE') ? grammar.expression() : undefined;
  cursor.expect('END');
  const parts = whens.flatMap(({ when, result }) => [when, result]);
  return {
    kind: 'case',
    ...(operand === undefined ? {} : { operand }),
    whens,
    ...(otherwise === undefined ? {} : { otherwise }),
    height: heightOf(operand, otherwise, ...parts),
  };
}

/** `INTERVAL amount unit + date` */
function leadingInterval(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const amount = grammar.expression();
  if (cursor.isSymbol(',')) throw notSupported('INTERVAL()');
  const unit = unitAt(cursor);
  cursor.expectSymbol('+');
  const date = grammar.nested(() => readPrimary(grammar));
  return { kind: 'interval', sign: '+', date, amount, unit, height: heightOf(date, amount) };
}
