import { Token } from '../lexer.ts';
import type { Grammar, QueryCursor } from './cursor.ts';
import { heightOf } from './nodes.ts';
import { notSupported } from './refusals.ts';
import { isReserved } from './reserved-words.ts';
import type { Call, Expression } from './tree.ts';
import { unitAt } from './units.ts';
import { readOrder, readOver } from './window.ts';

/** What a call is made of, but for its name. */
type Parts = Partial<Pick<Call, 'values' | 'star' | 'distinct' | 'order' | 'separator'>>;
/** Reads what stands between the parentheses of a call. */
type Arguments = (grammar: Grammar) => Parts | Expression;

/** Reserved words that are functions where a parenthesis follows. */
const RESERVED_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'CHAR CONVERT CUME_DIST CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DEFAULT DENSE_RANK FIRST_VALUE GROUPING IF ' +
    'INSERT LAG LAST_VALUE LEAD LEFT LOCALTIME LOCALTIMESTAMP MATCH MOD NTH_VALUE NTILE PERCENT_RANK RANK REPEAT REPLACE RIGHT ROW_NUMBER ' +
    'SCHEMA UTC_DATE UTC_TIME UTC_TIMESTAMP VALUES'
  ).split(' '),
);

/** Whether a call is at hand: a name and its parenthesis, perhaps behind a schema. */
export function isCall(cursor: QueryCursor): boolean {
  const { kind, word } = cursor.token;
  const opens = (places: number): boolean =>
    cursor.ahead(places).kind === Token.SYMBOL && cursor.ahead(places).text === '(';
  if (cursor.ahead(1).text === '.' && opens(3)) return cursor.isName();
  return (
    opens(1) && (kind === Token.QUOTED || !isReserved(word, cursor.flavor) || RESERVED_FUNCTIONS.has(word))
  );
}

/** With its name at hand. */
export function readCall(grammar: Grammar): Expression {
  const { cursor } = grammar;
  const { start } = cursor.token;
  const first = cursor.anyName();
  const schema = cursor.acceptSymbol('.') ? first : undefined;
  const name = schema === undefined ? first : cursor.anyName();
  cursor.expectSymbol('(');
  const read = schema === undefined ? ARGUMENTS[name.toUpperCase()] : undefined;
  const parts =
    (Object.hasOwn(ARGUMENTS, name.toUpperCase()) ? read : undefined)?.(grammar) ?? plain(grammar);
  cursor.expectSymbol(')');
  if ('kind' in parts) return parts;
  const text = cursor.slice(start);
  const over = cursor.accept('OVER') ? readOver(grammar) : undefined;
  const call = { star: false, distinct: false, order: [], values: [], ...parts };
  const heights = [
    ...call.values,
    ...call.order.map(({ by }) => by),
    ...(typeof over === 'object' ? [over] : []),
  ];
  return {
    kind: 'call',
    name,
    ...(schema === undefined ? {} : { schema }),
    text,
    ...call,
    ...(over === undefined ? {} : { over }),
    height: heightOf(...heights),
  };
}

/** Values with commas between them, or nothing. */
function plain({ cursor, expression }: Grammar): Parts {
  return cursor.isSymbol(')') ? {} : { values: cursor.list(expression) };
}

/** An aggregate takes DISTINCT. */
const aggregate: Arguments = ({ cursor, expression }) => {
  const distinct = cursor.acceptOne('DISTINCT', 'ALL') === 'DISTINCT';
  return { distinct, values: [expression()] };
};

const count: Arguments = (grammar) => {
  const { cursor, expression } = grammar;
  if (cursor.acceptSymbol('*')) return { star: true };
  const distinct = cursor.acceptOne('DISTINCT', 'ALL') === 'DISTINCT';
  return { distinct, values: distinct ? cursor.list(expression) : [expression()] };
};

const groupConcat: Arguments = (grammar) => {
  const { cursor, expression } = grammar;
  const distinct = cursor.acceptOne('DISTINCT', 'ALL') === 'DISTINCT';
  const values = cursor.list(expression);
  const order = readOrder(grammar);
  if (!cursor.accept('SEPARATOR')) return { distinct, values, order };
  return { distinct, values, order, separator: cursor.string() };
};

const interval =
  (sign: '+' | '-'): Arguments =>
  ({ cursor, expression }) => {
    const date = expression();
    cursor.expectSymbol(',');
    // ADDDATE(date, 5): days.
    const isInterval = cursor.accept('INTERVAL');
    const amount = expression();
    const unit = isInterval ? unitAt(cursor) : 'DAY';
    return { kind: 'interval', sign, date, amount, unit, height: heightOf(date, amount) };
  };

const unitFirst: Arguments = ({ cursor, expression }) => {
  const unit: Expression = { kind: 'string', value: unitAt(cursor), height: 1 };
  cursor.expectSymbol(',');
  const amount = expression();
  cursor.expectSymbol(',');
  return { values: [unit, amount, expression()] };
};

const extract: Arguments = ({ cursor, expression }) => {
  const unit: Expression = { kind: 'string', value: unitAt(cursor), height: 1 };
  cursor.expect('FROM');
  return { values: [unit, expression()] };
};

/** CHAR(65, 66 USING utf8mb4): in the one character set there is. */
const char: Arguments = ({ cursor, expression }) => {
  const values = cursor.list(expression);
  if (cursor.accept('USING')) cursor.anyName();
  return { values };
};

/** GET_FORMAT(DATE, 'EUR'): what it is the format of. */
const getFormat: Arguments = ({ cursor, expression }) => {
  const what = cursor.acceptOne('DATE', 'TIME', 'DATETIME', 'TIMESTAMP');
  if (what === undefined) throw cursor.fail();
  cursor.expectSymbol(',');
  return { values: [text(what), expression()] };
};

/** SUBSTRING(text FROM place FOR count), or with commas. */
const substring: Arguments = ({ cursor, expression }) => {
  const values = [expression()];
  if (!cursor.accept('FROM')) cursor.expectSymbol(',');
  values.push(expression());
  if (cursor.accept('FOR') || cursor.acceptSymbol(',')) values.push(expression());
  return { values };
};

const position: Arguments = ({ cursor, expression, operand }) => {
  const part = operand();
  cursor.expect('IN');
  return { values: [part, expression()] };
};

/** TRIM(LEADING 'x' FROM text), TRIM('x' FROM text), TRIM(text): where, what, and the text. */
const trim: Arguments = ({ cursor, expression }) => {
  const where = cursor.acceptOne('BOTH', 'LEADING', 'TRAILING');
  if (where !== undefined && cursor.accept('FROM')) return { values: [text(where), text(' '), expression()] };
  const first = expression();
  if (where === undefined && !cursor.accept('FROM')) return { values: [text('BOTH'), text(' '), first] };
  if (where !== undefined) cursor.expect('FROM');
  return { values: [text(where ?? 'BOTH'), first, expression()] };
};
const text = (value: string): Expression => ({ kind: 'string', value, height: 1 });

/** Types of CAST and CONVERT, and what is the same. */
const TYPES: Readonly<Record<string, string>> = {
  SIGNED: 'SIGNED',
  INTEGER: 'SIGNED',
  INT: 'SIGNED',
  UNSIGNED: 'UNSIGNED',
  CHAR: 'CHAR',
  VARCHAR: 'CHAR',
  NCHAR: 'CHAR',
  BINARY: 'BINARY',
  DECIMAL: 'DECIMAL',
  DEC: 'DECIMAL',
  DOUBLE: 'DOUBLE',
  REAL: 'DOUBLE',
  FLOAT: 'FLOAT',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  YEAR: 'YEAR',
  JSON: 'JSON',
};

function castTo({ cursor }: Grammar, operand: Expression): Expression {
  const { word } = cursor.token;
  const type = Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
  if (type === undefined || (type === 'JSON' && cursor.flavor === 'mariadb')) throw cursor.fail();
  cursor.advance();
  if (type === 'SIGNED' || type === 'UNSIGNED') cursor.acceptOne('INTEGER', 'INT');
  const sizes = cursor.isSymbol('(') ? cursor.parenthesised(() => size(cursor)) : [];
  if (cursor.accept('CHARACTER', 'SET') || cursor.accept('CHARSET')) cursor.anyName();
  return { kind: 'cast', operand, type, sizes, height: heightOf(operand) };
}

function size(cursor: QueryCursor): number {
  const { kind, text: digits } = cursor.token;
  if (kind !== Token.NUMBER || !/^\d{1,9}$/.test(digits)) throw cursor.fail();
  cursor.advance();
  return Number(digits);
}

const cast: Arguments = (grammar) => {
  const operand = grammar.expression();
  grammar.cursor.expect('AS');
  return castTo(grammar, operand);
};

/** There is one character set here: USING takes it for what it is. */
const convert: Arguments = (grammar) => {
  const operand = grammar.expression();
  if (grammar.cursor.acceptSymbol(',')) return castTo(grammar, operand);
  grammar.cursor.expect('USING');
  grammar.cursor.anyName();
  return { kind: 'cast', operand, type: 'CHAR', sizes: [], height: heightOf(operand) };
};

const refused =
  (what: string): Arguments =>
  () => {
    throw notSupported(what);
  };

/** Calls whose parentheses hold more than values with commas between them. */
const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  COUNT: count,
  SUM: aggregate,
  AVG: aggregate,
  MIN: aggregate,
  MAX: aggregate,
  JSON_ARRAYAGG: aggregate,
  GROUP_CONCAT: groupConcat,
  DATE_ADD: interval('+'),
  ADDDATE: interval('+'),
  DATE_SUB: interval('-'),
  SUBDATE: interval('-'),
  TIMESTAMPADD: unitFirst,
  TIMESTAMPDIFF: unitFirst,
  EXTRACT: extract,
  GET_FORMAT: getFormat,
  SUBSTRING: substring,
  SUBSTR: substring,
  MID: substring,
  POSITION: position,
  TRIM: trim,
  CAST: cast,
  CONVERT: convert,
  CHAR: char,
  STD: aggregate,
  STDDEV: aggregate,
  STDDEV_POP: aggregate,
  STDDEV_SAMP: aggregate,
  VARIANCE: aggregate,
  VAR_POP: aggregate,
  VAR_SAMP: aggregate,
  BIT_AND: aggregate,
  BIT_OR: aggregate,
  BIT_XOR: aggregate,
  MATCH: refused('MATCH'),
};
