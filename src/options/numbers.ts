import type { OptionType } from './definition.ts';

type NumberType = Extract<OptionType, { kind: 'signed' | 'unsigned' }>;

const UNSIGNED_MAX = 2n ** 64n - 1n;
const SIGNED_MAX = 2n ** 63n - 1n;
const SIGNED_MIN = -(2n ** 63n);

const suffixShift: Readonly<Record<string, bigint>> = { k: 10n, m: 20n, g: 30n, t: 40n, p: 50n, e: 60n };

/** A number with its K, M, G, T, P or E applied, or why it is none. */
export type SuffixedNumber =
  | { readonly value: bigint }
  | { readonly problem: 'suffix'; readonly suffix: string }
  | { readonly problem: 'range' };

/**
 * Reads as C's strtoll or strtoull and the server's suffix rule do: blanks and a sign first, then digits, then at most
 * one letter that is looked at (what follows the letter is not). `wraps`: a product that is too large loses its upper
 * bits, as in MariaDB, instead of being refused.
 */
export function readSuffixed(text: string, signed: boolean, wraps: boolean): SuffixedNumber {
  const [, sign = '', digits = '', rest = ''] = /^[ \t\n\v\f\r]*([+-]?)(\d*)([^]*)$/.exec(text) ?? [];
  const hasDigits = digits !== '';
  // Without digits C's functions consume nothing: the first character of all is the odd one.
  const tail = hasDigits ? rest : text;
  let value = hasDigits ? BigInt(digits) : 0n;
  if (sign === '-') value = signed ? -value : BigInt.asUintN(64, -value);
  if (signed ? value > SIGNED_MAX || value < SIGNED_MIN : value > UNSIGNED_MAX) return { problem: 'range' };
  if (tail === '') return { value };
  const suffix = tail.charAt(0);
  const shift = suffixShift[suffix.toLowerCase()];
  if (shift === undefined) return { problem: 'suffix', suffix };
  const scaled = value << shift;
  if (wraps) return { value: signed ? BigInt.asIntN(64, scaled) : BigInt.asUintN(64, scaled) };
  if (signed ? scaled > SIGNED_MAX || scaled < SIGNED_MIN : scaled > UNSIGNED_MAX)
    return { problem: 'range' };
  return { value: scaled };
}

const typeMaximum = {
  signed: { 32: 2n ** 31n - 1n, 64: SIGNED_MAX },
  unsigned: { 32: 2n ** 32n - 1n, 64: UNSIGNED_MAX },
} as const;

/** The nearest legal value, and whether a limit (not merely the block size) moved it. */
export function limitNumber(value: bigint, type: NumberType): { value: bigint; adjusted: boolean } {
  let limited = value;
  let adjusted = false;
  for (const ceiling of [type.max, typeMaximum[type.kind][type.bits]]) {
    if (ceiling === undefined || limited <= ceiling) continue;
    limited = ceiling;
    adjusted = true;
  }
  const block = type.kind === 'unsigned' ? (type.block ?? 1n) : 1n;
  limited = (limited / block) * block;
  if (limited < type.min) {
    limited = type.min;
    if (value < type.min) adjusted = true;
  }
  return { value: limited, adjusted };
}
