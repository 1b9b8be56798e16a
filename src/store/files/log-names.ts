/** Width of a log's number where it is short: `binlog.000001`, and `binlog.1000000` after a million. */
const DIGITS = 6;

export function logName(base: string, number: number): string {
  return `${base}.${String(number).padStart(DIGITS, '0')}`;
}

/** The number of a log of this base; undefined for any other name. */
export function logNumber(base: string, name: string): number | undefined {
  if (!name.startsWith(`${base}.`)) return undefined;
  const digits = name.slice(base.length + 1);
  return /^\d{6,15}$/.test(digits) ? Number(digits) : undefined;
}
