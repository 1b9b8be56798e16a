import { FormatError } from '../../errors/index.ts';
import { keyOf, type Table } from '../schema/index.ts';

/** The last moment of a TIMESTAMP, with 31 bits and, from MariaDB 11.5 on, with 32. */
const FOR_EVER = { old: '2038-01-19 03:14:07.999999', wide: '2106-02-07 06:28:15.999999' } as const;

export const isForEver = (moment: string): boolean =>
  /^(2038-01-19 03:14:07|2106-02-07 06:28:15)/.test(moment);

function isWide(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 11 || (major === 11 && minor >= 5);
}

/**
 * What the columns of a system-versioned table get of which a dump says nothing: its rows hold since they were loaded, as where a server
 * loads them. By index.
 */
export function periodValues(table: Table, version: string): (readonly [index: number, value: string])[] {
  const { schema, name, columns } = table;
  if (columns.some(({ period }) => period !== undefined) && keyOf(table) === undefined) {
    throw new FormatError(
      `${schema}.${name} is versioned and has no key: its rows are found by their ROW START, which the dump lacks`,
      { hint: 'Leave the table out with --replicate-ignore-table.' },
    );
  }
  return columns.flatMap(({ period, type }, index) => {
    if (period === undefined) return [];
    if (type.name !== 'timestamp')
      throw new FormatError(`${schema}.${name} is versioned by transaction: its rows cannot be loaded`);
    const now = `${new Date().toISOString().slice(0, 23).replace('T', ' ')}000`;
    return [[index, period === 'start' ? now : FOR_EVER[isWide(version) ? 'wide' : 'old']] as const];
  });
}
