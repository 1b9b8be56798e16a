import { EventFlag, EventType } from '../binlog/index.ts';
import type { GuardEvent, GuardQuery } from './event.ts';

/**
 * Events for tests, written short: `Q:BEGIN` is a Query event with that statement, `XID` an event of type XID_EVENT,
 * `TABLE_MAP` one of TABLE_MAP_EVENT; a number is a type code, `99!` one that is marked as ignorable. `GTID:standalone`
 * is MariaDB's.
 */
export function forge(text: string, query: Partial<GuardQuery> = {}): GuardEvent {
  if (text.startsWith('Q:') || text.startsWith('QC:')) {
    const statement = Buffer.from(text.slice(text.indexOf(':') + 1), 'latin1');
    return {
      type: text.startsWith('QC') ? EventType.QUERY_COMPRESSED_EVENT : EventType.QUERY_EVENT,
      flags: 0,
      query: { statement, sqlMode: 0, flavor: 'mysql', ...query },
    };
  }
  if (text === 'MARIADB_GTID') return { type: EventType.GTID_EVENT, flags: 0, standalone: false };
  if (text === 'MARIADB_GTID:standalone') return { type: EventType.GTID_EVENT, flags: 0, standalone: true };
  const ignorable = text.endsWith('!');
  const name = ignorable ? text.slice(0, -1) : text;
  const types: Readonly<Record<string, number>> = EventType;
  const type = types[`${name}_EVENT`] ?? types[`${name}_LOG_EVENT`] ?? types[name] ?? Number(name);
  return { type, flags: ignorable ? EventFlag.IGNORABLE : 0 };
}
