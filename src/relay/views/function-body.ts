import type { SqliteValue } from '../../store/index.ts';
import { textOf } from './numbers.ts';

/** What a function does with the values of one call. */
export type Body = (...values: SqliteValue[]) => SqliteValue;

/** No function makes a text longer than this: it is NULL then, as on a server above `max_allowed_packet`. */
export const LONGEST: number = 1024 * 1024;
/** Nor longer than a query may be, out of next to nothing. */
export const LONGEST_FILL: number = 64 * 1024;
export const bounded = (value: string): SqliteValue => (value.length > LONGEST ? null : value);

export const isNull = (...values: SqliteValue[]): boolean => values.some((value) => value === null);

/** NULL where an argument is; too few are taken for NULL. */
export const strict =
  (least: number, compute: Body): Body =>
  (...values) =>
    values.length < least || isNull(...values) ? null : compute(...values);

export const bytesIn = (value: SqliteValue): Buffer =>
  Buffer.from(value instanceof Uint8Array ? value : textOf(value));
