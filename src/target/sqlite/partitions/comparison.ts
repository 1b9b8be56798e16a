import { encodeText } from '../../../charset/index.ts';
import type { PartitionExpression } from '../../../sql/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import type { TableColumn } from '../../schema/index.ts';
import { constantOf, isInteger, keptInteger } from './evaluation.ts';
import { isOfCalendar, momentOf } from './moment.ts';
import { type Comparison, ordered } from './ordered.ts';
import type { TextOrder } from './text-order.ts';
import { Untold } from './untold.ts';

/**
 * How a column of RANGE COLUMNS or LIST COLUMNS compares with a value of a partition.
 *
 * @throws Untold the servers may compare them in another way
 */
export function comparisonWith(
  column: TableColumn,
  texts: TextOrder | undefined,
  expression: PartitionExpression,
): Comparison {
  const { name, decimals = 0 } = column.type;
  if (isInteger(column)) {
    const bound = constantOf(expression);
    if (bound === null) throw new Untold('a value of a partition is NULL');
    return ordered((value) => order(keptInteger(value)!, bound));
  }
  if (name === 'date' || name === 'datetime') {
    const bound = momentText(expression, name === 'date' ? undefined : decimals);
    return ordered((value) => order(String(value), bound));
  }
  if (name === 'varbinary' && expression.kind === 'text' && ASCII.test(expression.text)) {
    const bound = Buffer.from(expression.text);
    return ordered((value) => Buffer.compare(bytesOf(value), bound));
  }
  if ((name === 'char' || name === 'varchar') && expression.kind === 'text')
    return compareTexts(column, texts, expression.text);
  throw new Untold(`they are made by column ${column.name}, which is ${name}`);
}

// oxlint-disable-next-line no-control-regex -- ASCII is what it is
const ASCII = /^[\0-\x7f]*$/;

const order = <T extends bigint | string>(one: T, other: T): number =>
  one < other ? -1 : one > other ? 1 : 0;

function bytesOf(value: SqliteValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Untold('a row has no bytes');
}

/** A date that is written out, as rows have it. `decimals`: of a DATETIME; undefined: a DATE. */
function momentText(expression: PartitionExpression, decimals: number | undefined): string {
  const text = expression.kind === 'text' ? expression.text : '';
  const [, day, , clock = '00:00:00', fraction = ''] =
    /^(\d{4}-\d\d-\d\d)( (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?)?$/.exec(text) ?? [];
  const moment = momentOf(day ?? '');
  const isShort = decimals !== undefined && fraction.length <= decimals;
  const isDay = decimals === undefined && clock === '00:00:00' && fraction === '';
  if (moment === undefined || !isOfCalendar(moment) || day === undefined || !(isShort || isDay))
    throw new Untold('a value of a partition is no plain date');
  if (decimals === undefined) return day;
  return `${day} ${clock}${decimals > 0 ? `.${fraction.padEnd(decimals, '0')}` : ''}`;
}

function withoutSpaces(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') end -= 1;
  return text.slice(0, end);
}

function compareTexts(
  { type, charset = 'binary' }: TableColumn,
  texts: TextOrder | undefined,
  given: string,
): Comparison {
  // CHAR keeps no spaces at its end.
  const bound = type.name === 'char' ? withoutSpaces(given) : given;
  const textOf = (value: SqliteValue): string => {
    if (typeof value === 'string') return value;
    throw new Untold('a row has a text that is kept as bytes');
  };
  const textual = texts?.(bound, (text) => encodeText(text, charset));
  const known = (): Comparison<string> => {
    if (textual === undefined)
      throw new Untold('the collation of a column that they are made by is not known well enough');
    return textual;
  };
  return {
    compare: (value) => known().compare(textOf(value)),
    // The same text is the same in every collation.
    equals: (value) => {
      const text = textOf(value);
      return text === bound || known().equals(text);
    },
  };
}
