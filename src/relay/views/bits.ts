import type { SqliteValue } from '../../store/index.ts';
import { integerOf, MOST } from './numbers.ts';

const BITS = 64;
const OPERATORS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '~': (a) => ~a,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => (b >= BITS ? 0n : a << b),
  '>>': (a, b) => (b >= BITS ? 0n : a >> b),
};

/** Operators of bits: MySQL's numbers have 64 and no sign there. */
export function bits(operator: string, a: SqliteValue, b: SqliteValue): SqliteValue {
  const [left, right] = [a, b].map((value) => BigInt.asUintN(BITS, integerOf(value))) as [bigint, bigint];
  const result = BigInt.asUintN(BITS, OPERATORS[operator]!(left, right));
  // SQLite has no larger whole numbers than a BIGINT: they go on as text.
  return result > MOST ? String(result) : result;
}
