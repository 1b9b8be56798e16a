import type { PartitionExpression } from '../../../sql/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import type { TableColumn } from '../../schema/index.ts';
import { extracted, ofClock, ofMoment } from './functions.ts';
import { isOfCalendar, type Moment, momentOf, unixSeconds } from './moment.ts';
import { Untold } from './untold.ts';

/** A row's values of the columns that its table is partitioned by, as they are kept. */
export type KeyValues = readonly SqliteValue[];

/** What an expression is in a row; null: NULL. */
type Operand =
  | { readonly kind: 'integer'; readonly of: (row: KeyValues) => bigint | null }
  | {
      readonly kind: 'moment';
      readonly type: 'date' | 'datetime' | 'timestamp';
      /** Seconds have fractions. */
      readonly isFractional: boolean;
      readonly of: (row: KeyValues) => Moment | null;
    }
  /** FLOOR and CEILING take it. */
  | { readonly kind: 'decimal'; readonly of: (row: KeyValues) => string | null };

type Columns = readonly TableColumn[];

const untold = (what: string): never => {
  throw new Untold(what);
};

/**
 * How an expression over these columns is worked out for a row.
 *
 * @throws Untold it has parts that only the source works out as it does
 */
export function integerOf(
  expression: PartitionExpression,
  columns: Columns,
): (row: KeyValues) => bigint | null {
  const operand = operandOf(expression, columns);
  return operand.kind === 'integer' ? operand.of : untold('they are made by something that is no integer');
}

/** The same, of a value that hangs on no row. @throws Untold */
export const constantOf = (expression: PartitionExpression): bigint | null => integerOf(expression, [])([]);

function operandOf(expression: PartitionExpression, columns: Columns): Operand {
  switch (expression.kind) {
    case 'integer': {
      const value = BigInt(expression.digits);
      return { kind: 'integer', of: () => value };
    }
    case 'null':
      return { kind: 'integer', of: () => null };
    case 'text': {
      const moment = momentOf(expression.text);
      if (moment === undefined || !isOfCalendar(moment)) return untold('a value is no plain date');
      return { kind: 'moment', type: 'datetime', isFractional: false, of: () => moment };
    }
    case 'column':
      return columnOf(expression.name, columns);
    case 'call':
      return callOf(expression.name, expression.arguments, columns);
    case 'maxvalue':
      return untold('MAXVALUE stands inside an expression');
  }
}

const INTEGERS: ReadonlySet<string> = new Set([
  'tinyint',
  'smallint',
  'mediumint',
  'int',
  'bigint',
  'bit',
  'year',
]);

export const isInteger = ({ type }: TableColumn): boolean =>
  // YEAR(2) counts without its century, and the first of 64 bits may be a sign.
  INTEGERS.has(type.name) &&
  !(type.name === 'year' && type.length === 2) &&
  !(type.name === 'bit' && type.length === 64);

/** An integer as it is kept: as one, or as its digits where SQLite has no room. */
export function keptInteger(value: SqliteValue): bigint | null {
  if (value === null || typeof value === 'bigint') return value;
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? BigInt(value)
    : untold('a row has no integer');
}

function columnOf(name: string, columns: Columns): Operand {
  const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  const column = columns[at];
  if (column === undefined) return untold('a column that they are made by is not known');
  const type = column.type.name;
  if (isInteger(column)) return { kind: 'integer', of: (row) => keptInteger(row[at]!) };
  if (type === 'decimal')
    return { kind: 'decimal', of: (row) => (row[at] === null ? null : String(row[at])) };
  if (type !== 'date' && type !== 'datetime' && type !== 'timestamp')
    return untold(`they are made by column ${name}, which is ${type}`);
  const of = (row: KeyValues): Moment | null => {
    const value = row[at]!;
    if (value === null) return null;
    return (typeof value === 'string' ? momentOf(value) : undefined) ?? untold('a row has no date');
  };
  const isFractional = (column.type.decimals ?? 0) > 0;
  return { kind: 'moment', type, isFractional, of };
}

type Calculate = (left: bigint, right: bigint) => bigint | null;

const calculations: Readonly<Record<string, Calculate>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  DIV: (left, right) => (right === 0n ? null : left / right),
  MOD: (left, right) => (right === 0n ? null : left % right),
};

const ofOne: Readonly<Record<string, (value: bigint) => bigint>> = {
  NEG: (value) => -value,
  ABS: (value) => (value < 0n ? -value : value),
  FLOOR: (value) => value,
  CEILING: (value) => value,
  CEIL: (value) => value,
};

function callOf(name: string, given: readonly PartitionExpression[], columns: Columns): Operand {
  if (name === 'EXTRACT') return extract(given, columns);
  const parts = given.map((part) => operandOf(part, columns));
  const [first, second] = parts;
  if (first === undefined || parts.length > 2) return untold(`they are made by ${name}`);
  if (second !== undefined) return ofTwo(name, first, second);
  if (first.kind === 'integer' && Object.hasOwn(ofOne, name)) {
    const calculate = ofOne[name]!;
    return mapped(first.of, calculate);
  }
  if (first.kind === 'decimal' && /^(FLOOR|CEIL|CEILING)$/.test(name))
    return mapped(first.of, (text) => wholeOf(text, name !== 'FLOOR'));
  if (first.kind !== 'moment') return untold(`they are made by ${name}`);
  if (name === 'UNIX_TIMESTAMP' && first.type === 'timestamp') return unixTimestamp(first);
  const table = Object.hasOwn(ofMoment, name) ? ofMoment : first.type === 'datetime' ? ofClock : {};
  const work = Object.hasOwn(table, name) && first.type !== 'timestamp' ? table[name] : undefined;
  return work === undefined ? untold(`they are made by ${name}`) : mapped(first.of, work);
}

function ofTwo(name: string, first: Operand, second: Operand): Operand {
  if (name === 'DATEDIFF' && first.kind === 'moment' && second.kind === 'moment') {
    if (first.type === 'timestamp' || second.type === 'timestamp') return untold(`they are made by ${name}`);
    const days = (operand: typeof first, row: KeyValues): number | null => {
      const moment = operand.of(row);
      return moment === null ? null : ofMoment['TO_DAYS']!(moment);
    };
    return {
      kind: 'integer',
      of: (row) => {
        const [left, right] = [days(first, row), days(second, row)];
        return left === null || right === null ? null : BigInt(left - right);
      },
    };
  }
  const calculate = Object.hasOwn(calculations, name) ? calculations[name] : undefined;
  if (calculate === undefined || first.kind !== 'integer' || second.kind !== 'integer')
    return untold(`they are made by ${name}`);
  return {
    kind: 'integer',
    of: (row) => {
      const [left, right] = [first.of(row), second.of(row)];
      return left === null || right === null ? null : calculate(left, right);
    },
  };
}

function extract([unit, from, ...more]: readonly PartitionExpression[], columns: Columns): Operand {
  const operand = from === undefined || more.length > 0 ? undefined : operandOf(from, columns);
  const name = unit?.kind === 'text' ? unit.text : '';
  const work = Object.hasOwn(extracted, name) ? extracted[name] : undefined;
  if (work === undefined || operand?.kind !== 'moment' || operand.type === 'timestamp')
    return untold('they are made by EXTRACT');
  return mapped(operand.of, work);
}

/** An integer, or a number with the fraction of the second. */
function unixTimestamp({ of, isFractional }: Extract<Operand, { kind: 'moment' }>): Operand {
  if (!isFractional) return mapped(of, unixSeconds);
  return {
    kind: 'decimal',
    of: (row) => {
      const moment = of(row);
      return moment === null ? null : `${unixSeconds(moment)}.${moment.fraction}`;
    },
  };
}

/** NULL is NULL. */
function mapped<T>(of: (row: KeyValues) => T | null, work: (value: T) => bigint | number | null): Operand {
  return {
    kind: 'integer',
    of: (row) => {
      const value = of(row);
      const result = value === null ? null : work(value);
      return result === null ? null : BigInt(result);
    },
  };
}

/** The integer below a decimal number, or above it. */
function wholeOf(text: string, isAbove: boolean): bigint {
  const [, sign, whole, fraction = ''] =
    /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? untold('a row has no number');
  const value = BigInt(`${sign}${whole}`);
  if (/^0*$/.test(fraction)) return value;
  if (isAbove) return sign === '-' ? value : value + 1n;
  return sign === '-' ? value - 1n : value;
}
