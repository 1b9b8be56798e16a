import { ServerError } from '../../../errors/index.ts';
import { type Call, type Expression, notSupported, type Window } from '../../../sql/index.ts';
import { unknownFunction } from '../refusals.ts';
import { literal, quote, quoteName } from '../sqlite-text.ts';
import { asNumber } from './comparison.ts';
import { isNumber } from './domain.ts';
import { type FunctionEntry, functionTable } from './function-table.ts';
import { LACKED } from './lacked-functions.ts';
import { printOrder } from './order-printer.ts';
import type { Printing } from './printing.ts';

/** ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT */
const wrongCount = (name: string): ServerError =>
  new ServerError(1582, '42000', `Incorrect parameter count in the call to native function '${name}'`);

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
  const value = isValue ? context.value(word, digitsOf(call)) : undefined;
  if (value !== undefined) return literal(value);
  if (entry === undefined)
    throw LACKED.test(word) ? notSupported(name) : unknownFunction(name, context.schema);
  if (!call.star && (values.length < entry.least || values.length > entry.most)) throw wrongCount(name);
  if (call.over !== undefined && ALONE.has(word))
    throw notSupported(`${word.toLowerCase()} as window function`);
  const print = Object.hasOwn(PRINTERS, word) ? PRINTERS[word]! : plain;
  return print(call, entry, printing) + over(call, printing);
}

/** NOW(6): digits of a second. */
function digitsOf({ name, values }: Call): number {
  const [first] = values;
  if (first === undefined) return 0;
  if (values.length > 1 || first.kind !== 'number') throw notSupported(`${name} with arguments`);
  return Number(first.text);
}

/** Aggregates that are none of SQLite's. */
const ALONE: ReadonlySet<string> = new Set(['GROUP_CONCAT', 'JSON_ARRAYAGG', 'JSON_OBJECTAGG']);

/** A value as a text, with the digits that a decimal has. */
export function asText(expression: Expression, printing: Printing): string {
  const { type, scale } = printing.domain(expression);
  const sql = printing.expression(expression);
  return type === 'decimal' ? `mysql_decimal(${sql}, ${scale})` : sql;
}

type Print = (call: Call, entry: FunctionEntry, printing: Printing) => string;

const plain: Print = ({ values, distinct }, { own, returns }, printing) => {
  const isText = returns === 'text';
  const printed = values.map((value) => (isText ? asText(value, printing) : printing.expression(value)));
  return `${own}(${distinct ? 'DISTINCT ' : ''}${printed.join(', ')})`;
};

/** Of doubles, halves go to the even neighbour; of decimals, away from zero. */
const rounded: Print = (call, entry, printing) => {
  const isDouble = printing.domain(call.values[0]!).type === 'double';
  return plain(call, isDouble ? { ...entry, own: 'mysql_round_double' } : entry, printing);
};

/** The largest of numbers is one of numbers, texts among them. */
const extreme: Print = (call, { own }, printing) => {
  const isDouble = printing.domain(call).type === 'double';
  const printed = call.values.map((value) =>
    isDouble ? asNumber(value, printing) : printing.expression(value),
  );
  return `${own}(${printed.join(', ')})`;
};

/** Sums are of numbers. */
const summed: Print = ({ values, distinct }, { own }, printing) => {
  const [value] = values;
  const sql = printing.expression(value!);
  return `${own}(${distinct ? 'DISTINCT ' : ''}${isNumber(printing.domain(value!)) ? sql : `(${sql} + 0)`})`;
};

/** A value inside a document. */
function json(value: Expression, printing: Printing): string {
  const { type, scale } = printing.domain(value);
  return `mysql_json(${printing.expression(value)}, ${quote(type)}, ${scale})`;
}

const flavored = (own: string, values: readonly string[], { context }: Printing): string =>
  `${own}(${[quote(context.flavor ?? 'mysql'), ...values].join(', ')})`;

const PRINTERS: Readonly<Record<string, Print>> = {
  ROUND: rounded,
  GREATEST: extreme,
  LEAST: extreme,
  SUM: summed,
  AVG: summed,
  COUNT: ({ star, distinct, values }, _entry, printing) => {
    if (star) return 'count(*)';
    const printed = values.map((value) => printing.expression(value));
    const one = printed.length === 1 ? printed[0]! : `mysql_tuple(${printed.join(', ')})`;
    return `count(${distinct ? 'DISTINCT ' : ''}${one})`;
  },
  GROUP_CONCAT: ({ values, distinct, order, separator }, { own }, printing) => {
    const printed = values.map((value) => asText(value, printing));
    const one = printed.length === 1 ? printed[0]! : `mysql_concat(${printed.join(', ')})`;
    const by = order.length === 0 ? '' : ` ${printOrder(order, printing)}`;
    return `${own}(mysql_collected(${distinct ? 'DISTINCT ' : ''}${one}${by}), ${quote(separator ?? ',')})`;
  },
  JSON_OBJECT: ({ values, name }, { own }, printing) => {
    if (values.length % 2 === 1) throw wrongCount(name);
    const members = values.map((value, i) => (i % 2 === 0 ? asText(value, printing) : json(value, printing)));
    return flavored(own, members, printing);
  },
  JSON_ARRAY: ({ values }, { own }, printing) =>
    `${own}(${values.map((value) => json(value, printing)).join(', ')})`,
  JSON_ARRAYAGG: ({ values }, { own }, printing) =>
    flavored(own, [`mysql_collected(${json(values[0]!, printing)})`], printing),
  JSON_OBJECTAGG: ({ values }, { own }, printing) => {
    const member = `mysql_json_member(${asText(values[0]!, printing)}, ${json(values[1]!, printing)})`;
    return flavored(own, [`mysql_collected(${member})`], printing);
  },
};

function over({ over: window }: Call, printing: Printing): string {
  if (window === undefined) return '';
  return ` OVER ${typeof window === 'string' ? quoteName(window) : printWindow(window, printing)}`;
}

/** `("w" PARTITION BY … ORDER BY … ROWS …)` */
export function printWindow({ base, partition, order, frame }: Window, printing: Printing): string {
  const parts: string[] = base === undefined ? [] : [quoteName(base)];
  if (partition.length > 0)
    parts.push(`PARTITION BY ${partition.map((by) => printing.expression(by)).join(', ')}`);
  if (order.length > 0) parts.push(printOrder(order, printing));
  parts.push(...frame.map((part) => (typeof part === 'string' ? part : printing.expression(part))));
  return `(${parts.join(' ')})`;
}
