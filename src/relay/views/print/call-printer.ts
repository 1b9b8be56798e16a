import { type Call, type Expression, notSupported } from '../../../sql/index.ts';
import { unknownFunction } from '../refusals.ts';
import { literal, quote } from '../sqlite-text.ts';
import { asText, chosen, withFraction } from './as-text.ts';
import { asNumber, isLoose, weighed } from './comparison.ts';
import { type Domain, isNumber } from './domain.ts';
import { equal } from './equal.ts';
import { digitsBehind, inDigits } from './exact-numbers.ts';
import { FLAVORED, type FunctionEntry } from './function-entry.ts';
import { functionTable } from './function-table.ts';
import { flavored, jsonPrinters, type Print, wrongCount } from './json-printer.ts';
import { LACKED, MYSQL_ONLY, NOT_OF_MARIADB } from './lacked-functions.ts';
import { digitsOrder } from './long-decimals.ts';
import { momentOrder } from './moment-comparison.ts';
import { printOrder } from './order-printer.ts';
import type { Printing } from './printing.ts';
import { printRegexp } from './regexp-printer.ts';
import { wideArithmetic, wideCall, wideOrder } from './wide-numbers.ts';
import { ALONE, over } from './window-printer.ts';

/** A call of a function, or the value that it has for the time of the query. @throws ServerError 1235, 1305, 1582 */
export function printCall(call: Call, printing: Printing): string {
  const { context } = printing;
  const { name, schema, values } = call;
  const word = name.toUpperCase();
  if (schema !== undefined) throw unknownFunction(name, schema);
  const awaited = context.awaited.get(call.text);
  if (awaited !== undefined) return literal(awaited);
  const entry = Object.hasOwn(functionTable, word) ? functionTable[word] : undefined;
  // With values it is computed: UNIX_TIMESTAMP() and UNIX_TIMESTAMP(x) are two things.
  const isValue = (entry === undefined || values.length === 0) && context.value(word) !== undefined;
  const value = isValue ? context.value(word, askedDigits(call)) : undefined;
  if (value !== undefined) return literal(value);
  if (context.flavor === 'mariadb' && MYSQL_ONLY.has(word)) throw unknownFunction(name, context.schema);
  if (context.flavor === 'mariadb' && NOT_OF_MARIADB.test(word)) throw notSupported(name);
  if (entry === undefined)
    throw LACKED.test(word) ? notSupported(name) : unknownFunction(name, context.schema);
  if (!call.star && (values.length < entry.least || values.length > entry.most)) throw wrongCount(name);
  if (call.over !== undefined && ALONE.has(word))
    throw notSupported(`${word.toLowerCase()} as window function`);
  const wide = wideCall(call, printing);
  if (wide !== undefined) return wide;
  const print = Object.hasOwn(PRINTERS, word) ? PRINTERS[word]! : plain;
  const sql = print(call, entry, printing) + over(call, printing);
  if (word === 'MIN' || word === 'MAX') return behindOrder(sql, call, printing);
  if (entry.returns === 'sum' || entry.returns === 'average') return inDigits(sql, printing.domain(call));
  return MOMENTS.has(entry.returns) ? withFraction(sql, printing.domain(call)) : sql;
}

const MOMENTS: ReadonlySet<FunctionEntry['returns']> = new Set([
  'moment',
  'moment or text',
  'moment added to',
  'time',
  'last moment',
  'sum of times',
]);

/** NOW(6): digits of a second. */
function askedDigits({ name, values }: Call): number {
  const [first] = values;
  if (first === undefined) return 0;
  if (values.length > 1 || first.kind !== 'number') throw notSupported(`${name} with arguments`);
  return Number(first.text);
}

const plain: Print = ({ name, values, distinct }, { own, returns, takes }, printing) => {
  const print = takes === undefined ? (returns === 'text' ? asText : TAKEN.values) : TAKEN[takes];
  const printed = values.map((value) => print(value, printing));
  if (FLAVORED.has(name.toUpperCase())) printed.unshift(quote(printing.context.flavor ?? 'mysql'));
  return `${own}(${distinct ? 'DISTINCT ' : ''}${printed.join(', ')})`;
};

const TAKEN: Readonly<
  Record<NonNullable<FunctionEntry['takes']>, (value: Expression, printing: Printing) => string>
> = {
  texts: asText,
  numbers: asNumber,
  values: (value, printing) => printing.expression(value),
  moments: (value, printing) => {
    const sql = printing.expression(value);
    if (printing.domain(value).shown !== 'year') return sql;
    return `(mysql_year_text(${sql}) || ${printing.context.flavor === 'mariadb' ? "'-00-00'" : "'-01-01'"})`;
  },
};

/** A moment as the session's zone has it, or the one that it has there. */
const inZone = (own: string, sql: string, printing: Printing): string =>
  printing.context.zone === undefined ? sql : flavored(own, [sql, quote(printing.context.zone)], printing);

/** One of the values is the answer. */
const choice: Print = (call, { own }, printing) => {
  const answer = printing.domain(call);
  return `${own}(${call.values.map((value) => chosen(value, printing, answer)).join(', ')})`;
};

/** What is no exact number is rounded as a double. */
const INEXACT: ReadonlySet<Domain['type']> = new Set(['double', 'text', 'binary', 'json']);

/** Of doubles, halves go to the even neighbour; of decimals, away from zero. */
const rounded: Print = (call, entry, printing) => {
  const isDouble = INEXACT.has(printing.domain(call.values[0]!).type);
  return plain(call, isDouble ? { ...entry, own: 'mysql_round_double' } : entry, printing);
};

/** The largest of numbers is one of numbers, texts among them. */
const extreme: Print = (call, { own }, printing) => {
  const answer = printing.domain(call);
  if (answer.isWide === true) {
    const exact = call.values.map((value) => printing.expression(value)).join(', ');
    return `mysql_whole('+', 0, mysql_exact_${call.name.toLowerCase()}(${exact}), 0)`;
  }
  const printed = call.values.map((value) =>
    answer.type === 'double' ? asNumber(value, printing) : chosen(value, printing, answer),
  );
  return `${own}(${printed.join(', ')})`;
};

/** Sums are of numbers. */
const summed: Print = ({ values, distinct }, { own }, printing) => {
  const [value] = values;
  return `${own}(${distinct ? 'DISTINCT ' : ''}${asNumber(value!, printing)})`;
};

/** Of a double, the whole number that C rounds it to. */
const ofWhole: Print = ({ values }, { own }, printing) => {
  const [value] = values;
  const { type } = printing.domain(value!);
  // Only MySQL counts the bits of bytes.
  const isBytes = type === 'binary' && printing.context.flavor !== 'mariadb';
  const sql = isBytes ? printing.expression(value!) : asNumber(value!, printing);
  return `${own}(${type === 'double' ? `mysql_round_double(${sql})` : sql})`;
};

/** The bits are a number, what they stand for are texts. */
const ofBitsFirst: Print = ({ values }, { own }, printing) => {
  const [bits, ...texts] = values as [Expression, ...Expression[]];
  const isText = ['text', 'binary'].includes(printing.domain(bits).type);
  const number = isText ? asText(bits, printing) : asNumber(bits, printing);
  return `${own}(${[number, ...texts.map((text) => asText(text, printing))].join(', ')})`;
};

/** Of a SET and a text in the query, the servers tell the place in the definition of the set. */
const inSet: Print = (call, entry, printing) => {
  const sql = plain(call, entry, printing);
  const [wanted, list] = call.values;
  const { members } = printing.domain(list!);
  if (members === undefined || wanted?.kind !== 'string') return sql;
  const [type, ...names] = JSON.parse(members) as string[];
  const place = `${entry.own}(${asText(wanted, printing)}, ${quote(names.join(','))})`;
  return type === 'set' ? `(CASE WHEN ${sql} > 0 THEN ${place} ELSE ${sql} END)` : sql;
};

const arcTangent: Print = (call, entry, printing) =>
  plain(call, call.values.length === 2 ? { ...entry, own: 'atan2' } : entry, printing);

/** MIN or MAX: of texts, the first or last by their collation; of times, by their length. */
const outermost: Print = (call, entry, printing) => {
  const [value] = call.values;
  const { collation, moment } = printing.domain(value!);
  const wide = wideOrder(value!, printing);
  if (wide !== undefined) return `${entry.own}(${wide})`;
  if (moment === 'time') return `${entry.own}(${momentOrder(value!, moment, printing)})`;
  if (!isLoose(collation)) return plain(call, entry, printing);
  return `${entry.own}(mysql_with_weights(${printing.expression(value!)}, ${quote(collation)}))`;
};

/** What was first or last, behind what it was found by. */
function behindOrder(sql: string, { values }: Call, printing: Printing): string {
  const { collation, moment, scale } = printing.domain(values[0]!);
  if (wideOrder(values[0]!, printing) !== undefined)
    return `mysql_whole('+', 0, mysql_ordered_digits(${sql}, 0), 0)`;
  if (moment === 'time') return `mysql_ordered_time(${sql}, ${scale})`;
  return isLoose(collation) ? `mysql_behind_weights(${sql})` : sql;
}

/** What is the same for values that are alike. */
function distinctly(value: Expression, printing: Printing): string {
  const { collation, isLong } = printing.domain(value);
  const digits = isLong === true ? digitsOrder(value, printing) : undefined;
  return digits ?? weighed(printing.expression(value), collation);
}

const PRINTERS: Readonly<Record<string, Print>> = {
  MIN: outermost,
  MAX: outermost,
  ROUND: rounded,
  // SQLite has them of the C library, as the servers do: JavaScript's differ in the last digit.
  ATAN: arcTangent,
  ATAN2: arcTangent,
  COT: ({ values }, _entry, printing) => `(1.0 / tan(${asNumber(values[0]!, printing)}))`,
  // It takes bytes, and no text.
  INET6_NTOA: (call, entry, printing) =>
    ['binary', 'unknown'].includes(printing.domain(call.values[0]!).type)
      ? plain(call, entry, printing)
      : 'NULL',
  REGEXP_LIKE: ({ values: [value, pattern, letters] }, _entry, printing) =>
    printRegexp(value!, pattern!, letters, printing),
  FIND_IN_SET: inSet,
  EXPORT_SET: ofBitsFirst,
  MAKE_SET: ofBitsFirst,
  BIT_COUNT: ofWhole,
  BIT_AND: ofWhole,
  BIT_OR: ofWhole,
  BIT_XOR: ofWhole,
  INET_NTOA: ofWhole,
  HEX: (call, entry, printing) =>
    printing.domain(call.values[0]!).isWide === true
      ? `mysql_conv(${printing.expression(call.values[0]!)}, 10, 16)`
      : isNumber(printing.domain(call.values[0]!))
        ? ofWhole(call, entry, printing)
        : plain(call, entry, printing),
  GREATEST: extreme,
  LEAST: extreme,
  COALESCE: choice,
  IFNULL: choice,
  // SQLite looks at the value alone that is chosen, as the servers do: the other may be out of range.
  IF: (call, _entry, printing) => {
    const [condition, ...branches] = call.values as [Expression, Expression, Expression];
    const answer = printing.domain(call);
    const [then, otherwise] = branches.map((value) => chosen(value, printing, answer));
    return `(CASE WHEN ${asNumber(condition, printing)} THEN ${then} ELSE ${otherwise} END)`;
  },
  NULLIF: ({ values: [left, right] }, _entry, printing) =>
    `(CASE WHEN ${printing.expression(equal(left!, right!))} THEN NULL ELSE ${printing.expression(left!)} END)`,
  FORMAT: ({ values }, { own }, printing) => {
    const [value, ...others] = values as [Expression, ...Expression[]];
    const { type } = printing.domain(value);
    const isExact = type === 'decimal' || type === 'integer' || type === 'unsigned';
    const printed = isExact ? asText(value, printing) : asNumber(value, printing);
    return `${own}(${[type === 'double' || isExact ? printed : `CAST(${printed} AS REAL)`, ...others.map((other) => printing.expression(other))].join(', ')})`;
  },
  MOD: (call, { own }, printing) =>
    wideArithmetic('MOD', call.values as [Expression, Expression], call, printing) ??
    `${own}(${call.values.map((value) => asNumber(value, printing)).join(', ')}${digitsBehind(call.values, printing)})`,
  SUM: summed,
  AVG: summed,
  COUNT: ({ star, distinct, values }, _entry, printing) => {
    if (star) return 'count(*)';
    const printed = values.map((value) =>
      distinct ? distinctly(value, printing) : printing.expression(value),
    );
    const one = printed.length === 1 ? printed[0]! : `mysql_tuple(${printed.join(', ')})`;
    return `count(${distinct ? 'DISTINCT ' : ''}${one})`;
  },
  GROUP_CONCAT: ({ values, distinct, order, separator }, { own }, printing) => {
    const printed = values.map((value) => asText(value, printing));
    const one = printed.length === 1 ? printed[0]! : `mysql_concat(${printed.join(', ')})`;
    const by = order.length === 0 ? '' : ` ${printOrder(order, printing)}`;
    return `${own}(mysql_collected(${distinct ? 'DISTINCT ' : ''}${one}${by}), ${quote(separator ?? ',')})`;
  },
  FROM_UNIXTIME: (call, entry, printing) => {
    const [value, format] = call.values;
    const moment = inZone(
      'mysql_zoned',
      flavored(entry.own, [asNumber(value!, printing)], printing),
      printing,
    );
    return format === undefined ? moment : `mysql_date_format(${moment}, ${printing.expression(format)})`;
  },
  UNIX_TIMESTAMP: ({ values: [value] }, { own }, printing) =>
    flavored(own, [inZone('mysql_moment_in_zone', TAKEN.moments(value!, printing), printing)], printing),
  STR_TO_DATE: ({ values }, { own }, printing) => {
    const mode = printing.context.variable({ kind: 'system', scope: undefined, name: 'sql_mode' });
    const allowsZero = !String(mode ?? '').includes('NO_ZERO_IN_DATE');
    const printed = values.map((value) => asText(value, printing));
    return flavored(own, [...printed, allowsZero ? '1' : '0'], printing);
  },
  ...jsonPrinters,
};
