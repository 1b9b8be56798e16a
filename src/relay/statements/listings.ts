import type { ShowStatement } from '../../sql/index.ts';
import { DYNAMIC_PRIVILEGES, STATIC_PRIVILEGES } from '../accounts/privileges.ts';
import { type Answer, columns, type ResultColumn, type ResultRow, rows } from './answer.ts';
import { visibleSchemas } from './catalogue.ts';
import { collationRows, knownCharsets } from './charset-names.ts';
import type { Context } from './context.ts';
import { filtered } from './filter.ts';

type Of<K extends ShowStatement['kind']> = Extract<ShowStatement, { kind: K }>;

/** SHOW TRIGGERS and the like: a relay has none. */
const EMPTY = {
  triggers: columns(
    'Trigger Event Table Statement Timing Created:t sql_mode Definer character_set_client collation_connection Database_Collation',
  ),
  events: columns(
    'Db Name Definer Time_zone Type Execute_at:t Interval_value Interval_field Starts:t Ends:t Status Originator:u character_set_client collation_connection Database_Collation',
  ),
  procedureStatus: columns(
    'Db Name Type Language Definer Modified:t Created:t Security_type Comment character_set_client collation_connection Database_Collation',
  ),
} as const;
const BLANKS = /^(Database_Collation|Time_zone|Execute_at|Interval_value|Interval_field)$/;

export function showEmpty({ what }: Of<'showEmpty'>): Answer {
  const shape = EMPTY[what === 'functionStatus' ? 'procedureStatus' : what];
  return rows(
    shape.map((column) =>
      BLANKS.test(column.name) ? { ...column, name: column.name.replace('_', ' ') } : column,
    ),
    [],
  );
}

interface Listing {
  readonly columns: readonly ResultColumn[];
  readonly rows: (context: Context) => readonly ResultRow[];
}

const AUTHENTICATION = ['caching_sha2_password', 'mysql_native_password', 'client_ed25519', 'parsec'];

const listings: Readonly<Record<Of<'showPlain'>['what'], Listing>> = {
  databases: {
    columns: columns('Database'),
    rows: (context) => visibleSchemas(context).map((name) => [name]),
  },
  engines: {
    columns: columns('Engine Support Comment Transactions XA Savepoints'),
    rows: () => [['PERFORMANCE_SCHEMA', 'DEFAULT', 'Views of the relay', 'NO', 'NO', 'NO']],
  },
  plugins: {
    columns: columns('Name Status Type Library License'),
    rows: () => [
      ['binlog', 'ACTIVE', 'STORAGE ENGINE', null, 'MIT'],
      ...AUTHENTICATION.map((name) => [name, 'ACTIVE', 'AUTHENTICATION', null, 'MIT']),
    ],
  },
  collation: {
    columns: columns('Collation Charset Id:u Default Compiled Sortlen:u Pad_attribute'),
    rows: collationRows,
  },
  characterSet: {
    columns: [
      ...columns('Charset Description'),
      { name: 'Default collation', kind: 'text' },
      { name: 'Maxlen', kind: 'unsigned' },
    ],
    rows: () =>
      knownCharsets.map(({ name, description, collation, longest }) => [
        name,
        description,
        collation,
        longest,
      ]),
  },
  privileges: {
    columns: columns('Privilege Context Comment'),
    rows: () => [
      ...STATIC_PRIVILEGES.map((name) => [name[0] + name.slice(1).toLowerCase(), 'Server Admin', '']),
      ...DYNAMIC_PRIVILEGES.map((name) => [name, 'Server Admin', '']),
    ],
  },
  profiles: { columns: columns('Query_ID:u Duration:d Query'), rows: () => [] },
  authors: { columns: columns('Name Location Comment'), rows: () => [] },
  openTables: { columns: columns('Database Table In_use:i Name_locked:i'), rows: () => [] },
};

export function showPlain({ what, filter }: Of<'showPlain'>, context: Context): Answer {
  const listing = listings[what];
  const shape = listing.columns;
  const named =
    what === 'databases' && filter.like !== undefined
      ? [{ name: `Database (${filter.like})`, kind: 'text' as const }]
      : shape;
  return filtered(named, listing.rows(context), filter, context);
}
