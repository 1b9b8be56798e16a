import type { CatalogChange, TableColumn } from '../../schema/index.ts';
import type { SourceLookUp, StatementClock } from '../../target.ts';
import { writtenMoment, ZERO_DAY } from './literal-default.ts';
import { settledDefault } from './settled-default.ts';

export const UTC = '+00:00';

/** `YYYY-MM-DD hh:mm:ss`, in UTC. */
export function utcMoment(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * What rows that are there get in columns that a change adds, where the time zone of the statement's session decides it: now, in a
 * DATETIME, and a moment that is written out, in a TIMESTAMP, which holds it in UTC. By the columns' names. A zone that is no offset is
 * the source's: it is asked.
 */
export async function momentsOf(
  { before, after, sources }: Extract<CatalogChange, { kind: 'alterTable' }>,
  { seconds, timeZone }: StatementClock,
  lookUp: SourceLookUp | undefined,
): Promise<ReadonlyMap<string, string>> {
  const moments = new Map<string, string>();
  if (timeZone === undefined || before === after) return moments;
  const added = after.columns.filter((_, index) => sources[index]! < 0);
  for (const column of added) {
    // oxlint-disable-next-line no-await-in-loop -- most have none, and two on one connection come one after the other
    const moment = await momentOf(column, seconds, timeZone, lookUp);
    if (moment !== undefined) moments.set(column.name, moment);
  }
  return moments;
}

async function momentOf(
  column: TableColumn,
  seconds: number,
  timeZone: string,
  lookUp: SourceLookUp | undefined,
): Promise<string | undefined> {
  const { type } = column;
  const given = settledDefault(column);
  if (given?.kind === 'now' && type.name === 'datetime')
    return inZone(utcMoment(seconds), UTC, timeZone, lookUp);
  if (given?.kind !== 'text' || type.name !== 'timestamp') return undefined;
  const [moment, digits] = writtenMoment(given, column)?.split('.') ?? [];
  if (moment === undefined || moment.startsWith(ZERO_DAY)) return undefined;
  const utc = await inZone(moment, timeZone, UTC, lookUp);
  return utc === undefined || digits === undefined ? utc : `${utc}.${digits}`;
}

/** A moment of one time zone in another one; undefined: neither they nor the source tell. */
export async function inZone(
  moment: string,
  from: string,
  to: string,
  lookUp: SourceLookUp | undefined,
): Promise<string | undefined> {
  const [away, back] = [from, to].map(offsetOf);
  if (away === undefined || back === undefined) return lookUp?.inZone(moment, from, to);
  const seconds = Date.parse(`${moment.replace(' ', 'T')}Z`) / 1000;
  return Number.isNaN(seconds) ? undefined : utcMoment(seconds - away + back);
}

/** A clock whose time zone is an offset, where the source says that its system's zone is one. */
export async function settledZone(
  clock: StatementClock,
  lookUp: SourceLookUp | undefined,
): Promise<StatementClock> {
  if (clock.timeZone !== 'SYSTEM') return clock;
  return (await lookUp?.systemTimeZone()) === 'UTC' ? { ...clock, timeZone: UTC } : clock;
}

/** Seconds east of Greenwich; undefined: the zone is known by a name. */
export function offsetOf(zone: string): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
