/** Which copies may go: those last written longer ago, or the oldest while all together are larger. */
export type Expiry =
  | { readonly kind: 'age'; readonly milliseconds: number }
  | { readonly kind: 'size'; readonly bytes: number };

const HOUR = 3_600_000;
const AGES: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };
const SIZES: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Reads `12h`, `7d`, `2w` or `500M`, `20G`, `1T`. Undefined: neither. */
export function parseExpiry(text: string): Expiry | undefined {
  const match = /^([1-9]\d{0,8})([A-Za-z])$/.exec(text);
  if (match === null) return undefined;
  const [, digits, unit] = match;
  const age = AGES[unit!];
  if (age !== undefined) return { kind: 'age', milliseconds: Number(digits) * age };
  const size = SIZES[unit!.toUpperCase()];
  // m could be minutes.
  return size === undefined || unit === 'm' ? undefined : { kind: 'size', bytes: Number(digits) * size };
}
