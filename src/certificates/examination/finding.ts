/** How bad a finding is. The order is the order of exit codes for monitoring: 0, 1, 2. */
export const severities = ['ok', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Something worth saying about a file, a certificate or a server. */
export interface Finding {
  readonly severity: Severity;
  /** Stable, searchable: `EXPIRED`. */
  readonly code: string;
  /** What was found, lower case, no full stop. */
  readonly message: string;
  /** The command, statement or file line that mends it. */
  readonly mend?: string;
}

/** The worst severity of several; `ok` for none. */
export function worst(found: Iterable<{ readonly severity: Severity }>): Severity {
  let rank = 0;
  for (const { severity } of found) rank = Math.max(rank, severities.indexOf(severity));
  return severities[rank] ?? 'critical';
}

/** When a certificate or list is about to end, in days. */
export interface Thresholds {
  readonly warnDays: number;
  readonly criticalDays: number;
}

/** Clock and thresholds of an examination. */
export interface Examination extends Thresholds {
  readonly now: Date;
}

/** A day in milliseconds. */
export const DAY_MS = 86_400_000;

/** Whole days until a time; negative after it. The day something ends on is day 0. */
export function daysUntil(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / DAY_MS);
}

/** Severity of a remaining time: at or below a threshold counts, and so does the very second of the end. */
export function expiry(end: Date, now: Date, { warnDays, criticalDays }: Thresholds): Severity {
  const left = end.getTime() - now.getTime();
  if (left <= criticalDays * DAY_MS) return 'critical';
  return left <= warnDays * DAY_MS ? 'warning' : 'ok';
}

/** A number of days in words. */
export const countDays = (days: number): string => (days === 1 ? '1 day' : `${days} days`);
